/**
 * The database servers that some tests want, and where this machine has them. `npm test` says from here which are missing
 * and how to have them; the tests that want one start it themselves, on a folder and a port of its own.
 */
import fs from 'node:fs';
import path from 'node:path';

/** What is wanted: the programs, where they lie beside PATH, and how Debian has them. */
const servers = [
  { name: 'PostgreSQL', programs: ['initdb', 'postgres'], folders: debianPostgres, how: 'apt-get install postgresql' },
  { name: 'MariaDB', programs: ['mariadbd', 'mariadb-install-db'], folders: () => ['/usr/sbin', '/usr/bin'], how: 'apt-get install mariadb-server' },
];

/**
 * The servers by name, each with the paths of its programs, or undefined where this machine lacks one of them. They are
 * looked for in PATH, and unless told otherwise where Debian's packages put them.
 */
export function findServers(pathVariable = process.env.PATH ?? '', alsoPackaged = true) {
  return servers.map(({ name, programs, folders, how }) => {
    const places = [...pathVariable.split(path.delimiter).filter(Boolean), ...(alsoPackaged ? folders() : [])];
    const found = programs.map((program) => places.map((folder) => path.join(folder, program)).find(isProgram));
    return { name, how, programs: found.includes(undefined) ? undefined : Object.fromEntries(programs.map((program, index) => [program, found[index]])) };
  });
}

/** One line for each server that is missing. */
export function missingServers(found = findServers()) {
  return found
    .filter(({ programs }) => programs === undefined)
    .map(({ name, how }) => `The tests on ${name} were skipped, for this machine has no ${name} server. On Debian: ${how}`);
}

function debianPostgres() {
  const root = '/usr/lib/postgresql';
  const versions = fs.existsSync(root) ? fs.readdirSync(root) : [];
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => path.join(root, version, 'bin'));
}

function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOTDIR') return false;
    throw error;
  }
}
