/** docs/add-an-entity.md, done as it says in a copy of the code: it compiles, migrates, and answers what the page prints. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, root, temporaryFolder } from '../helpers/commandLine.js';
import { blocksOf } from './markdown.js';

const blocks = blocksOf(fs.readFileSync(path.join(root, 'docs/add-an-entity.md'), 'utf8'));
const textOf = (language: string, index: number): string => {
  const found = blocks.filter((block) => block.language === language)[index];
  if (!found) throw new Error(`Expected a block ${index + 1} of ${language} in docs/add-an-entity.md.`);
  return found.text;
};

const folder = temporaryFolder();
const copy = folder.path;
const inCopy = (file: string): string => path.join(copy, file);
const change = (file: string, by: (text: string) => string): void => {
  const before = fs.readFileSync(inCopy(file), 'utf8');
  const after = by(before);
  expect(after).not.toBe(before);
  fs.writeFileSync(inCopy(file), after);
};
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'error', PARKHUB_STORE: inCopy('store') };
const parkhub = (...args: string[]) => spawnSync(process.execPath, ['dist/src/cli/main.js', ...args], { cwd: copy, env: environment, encoding: 'utf8' });

beforeAll(() => {
  build();
  for (const name of ['src', 'demo', 'parks', 'docs', 'package.json', 'tsconfig.json']) fs.cpSync(path.join(root, name), inCopy(name), { recursive: true });
  fs.symlinkSync(path.join(root, 'node_modules'), inCopy('node_modules'));
  fs.writeFileSync(inCopy('src/entities/tenancy/mentor.ts'), textOf('ts', 0));
  change('src/entities/index.ts', (text) => text.replace(/^export \{ Park \}/m, `${textOf('ts', 1)}\n$&`));
  fs.writeFileSync(inCopy('src/store/migrations/1800000000000-mentor.ts'), textOf('ts', 2));
  // The page shows the list as it was when it was written: what is added to it is what counts.
  expect(textOf('ts', 3)).toMatch(/Mentor1800000000000\] satisfies/);
  change('src/store/migrations/index.ts', (text) =>
    text
      .replace(/,?\s*\](?= satisfies)/, ', Mentor1800000000000]')
      .replace(/^export const/m, "import { Mentor1800000000000 } from './1800000000000-mentor.js';\n\n$&"),
  );
  change('src/access/rules.ts', (text) => text.replace(/^ {2}Carrier: .*$/m, `$&\n${textOf('ts', 4)}`));
  fs.writeFileSync(inCopy('parks/xinxiang/register/mentors.csv'), `${textOf('csv', 0)}\n`);
  const { status, stdout } = spawnSync(path.join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json'], { cwd: copy, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
afterAll(() => folder.remove());

describe('docs/add-an-entity.md', () => {
  it('migrates a store and says so as the page does', () => {
    const [command, ...printed] = textOf('text', 0).split('\n');
    expect(command).toBe('$ npm run parkhub -- migrate parks/xinxiang');
    // A store of the release before: its own migrations have run.
    const before = spawnSync(process.execPath, [path.join(root, 'dist/src/cli/main.js'), 'migrate', 'parks/xinxiang'], {
      cwd: copy,
      env: environment,
      encoding: 'utf8',
    });
    expect({ status: before.status, stderr: before.stderr }).toEqual({ status: 0, stderr: '' });
    expect(parkhub('migrate', 'parks/xinxiang').stdout.trimEnd()).toBe(printed.join('\n'));
  });

  it('sets the row aside that names a company which the register lacks', () => {
    const lines = parkhub('sources', 'parks/xinxiang').stdout.split('\n');
    expect(lines.find((line) => line.startsWith('park Mentor:'))).toBe(textOf('text', 1));
  });

  it('answers the query of the page', async () => {
    const server = spawn(process.execPath, ['dist/src/cli/main.js', 'serve', 'parks/xinxiang', '--port', '0'], { cwd: copy, env: environment });
    const closed = once(server, 'close');
    try {
      let printed = '';
      const address = await new Promise<string>((resolve, reject) => {
        server.stdout.on('data', (part) => {
          printed += String(part);
          const found = /http:\S+\/graphql/.exec(printed);
          if (found) resolve(found[0]);
        });
        server.once('close', () => reject(new Error(`Expected the hub to serve, but got:\n${printed}`)));
      });
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: textOf('graphql', 0) }),
      });
      expect(await response.json()).toEqual(JSON.parse(textOf('json', 0)));
    } finally {
      server.kill('SIGKILL');
      await closed;
    }
  });
});
