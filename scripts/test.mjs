// `npm test`: all tests. Arguments go on to vitest: npm test -- tests/rules
// The last line is always of the form "N passed, N failed, N skipped".
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { countTests } from './lib/countTests.mjs';
import { missingServers } from './lib/databaseServers.mjs';
import { prepare, root, toolPath } from './lib/prepare.mjs';

prepare();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parkhub-test-'));
const report = path.join(folder, 'report.json');
const { status } = spawnSync(
  toolPath('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  // Under another zone database drivers shift instants; under another language collation differs.
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' } },
);
const counts = countTests(fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : undefined, status);
fs.rmSync(folder, { recursive: true, force: true });
for (const line of missingServers()) console.log(line);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
