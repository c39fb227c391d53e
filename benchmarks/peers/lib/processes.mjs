/** What processes use, by /proc of Linux. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Milliseconds of processor time that a process and those of its children that have ended used. */
function milliseconds(pid) {
  const fields = statOf(pid);
  return fields ? ((fields[11] + fields[12] + fields[13] + fields[14]) * 1_000) / TICKS : 0;
}

/** The milliseconds of a process with all of its children: PostgreSQL is one process for each connection. */
export function cpuOf(pid, withChildren = false) {
  const own = milliseconds(pid);
  if (!withChildren) return own;
  return childrenOf(pid).reduce((sum, child) => sum + milliseconds(child), own);
}

/** MiB of a process that are in memory. */
export function residentOf(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) / 1_024;
}

function childrenOf(pid) {
  return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function statOf(pid) {
  try {
    // The name may hold spaces and parentheses: what is counted stands behind the last of them.
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}
