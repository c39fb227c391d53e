/** The packages of the peers: of this folder's own lock file, installed when they are not those of the lock. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export function installPeers(folder) {
  const stamp = path.join(folder, 'node_modules/.parkhub-install');
  const wanted = createHash('sha256')
    .update(`${process.platform} ${process.arch} `)
    .update(fs.readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing the peers …\n');
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // npm's `node` package puts its program in place with a script of its own.
  const { status } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('npm ci of benchmarks/peers failed. Its own message is above; check the network and try again.');
  fs.writeFileSync(stamp, wanted);
}
