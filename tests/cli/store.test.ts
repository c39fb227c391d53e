import fs from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { build, root, run, temporaryFolder } from '../helpers/commandLine.js';

beforeAll(build);

const folder = temporaryFolder();
afterAll(() => folder.remove());

const demonstration = path.join(root, 'parks/xinxiang');

describe('parkhub migrate', () => {
  const store = path.join(folder.path, 'migrate');

  test('makes the store and says which migrations ran, and the next time that there is nothing to do', async () => {
    const first = await run(['migrate', demonstration], { PARKHUB_STORE: store });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Ran \d+ migrations? on the store of xinxiang:\n( {2}\w+\n)+$/);
    expect(await run(['migrate', demonstration], { PARKHUB_STORE: store })).toEqual({ code: 0, stdout: 'The store of xinxiang is up to date.\n', stderr: '' });
  });

  test('run by several at once on a new store, makes it once', async () => {
    const shared = path.join(folder.path, 'shared');
    const all = await Promise.all([1, 2, 3, 4].map(() => run(['migrate', demonstration], { PARKHUB_STORE: shared })));
    expect(all.map(({ code, stderr }) => ({ code, stderr }))).toEqual(all.map(() => ({ code: 0, stderr: '' })));
    expect(all.filter(({ stdout }) => stdout.startsWith('Ran '))).toHaveLength(1);
  });

  test('refuses a folder that is no park, and makes no store for it', async () => {
    const none = path.join(folder.path, 'none');
    const { code, stderr } = await run(['migrate', 'src'], { PARKHUB_STORE: none });
    expect(code).toBe(exitCodes.wrongUse.code);
    expect(stderr).toMatch(/^parkhub: src: expected a park: .*\n$/);
    expect(fs.existsSync(none)).toBe(false);
  });
});

describe('a store that cannot be used', () => {
  const inFolder = (name: string): string => path.join(folder.path, name);
  const random = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 31 + 7) % 256));

  test.each<[string, (store: string) => void, RegExp]>([
    ['whose folder is a file', (store) => fs.writeFileSync(store, 'x'), /a file where the folder should be\. Name another folder with PARKHUB_STORE\./],
    [
      'that is no database',
      (store) => {
        fs.mkdirSync(store);
        fs.writeFileSync(path.join(store, 'xinxiang.db'), random);
      },
      /a file that is no database, or a broken one\./,
    ],
    ['that is a folder', (store) => fs.mkdirSync(path.join(store, 'xinxiang.db'), { recursive: true }), /one that this user may not write\./],
  ])('%s is said in one line, and left as it is', async (name, spoil, message) => {
    const store = inFolder(`unusable ${name}`);
    spoil(store);
    const before = fs.statSync(store).isDirectory() ? fs.readdirSync(store) : fs.readFileSync(store, 'utf8');
    for (const command of [['migrate'], ['sync'], ['serve', '--port', '0']]) {
      const { code, stdout, stderr } = await run([command[0] as string, demonstration, ...command.slice(1)], { PARKHUB_STORE: store });
      expect({ code, stdout }).toEqual({ code: exitCodes.wrongUse.code, stdout: '' });
      expect(stderr).toMatch(/^parkhub: The store .*\n$/);
      expect(stderr).toMatch(message);
    }
    expect(fs.statSync(store).isDirectory() ? fs.readdirSync(store) : fs.readFileSync(store, 'utf8')).toEqual(before);
  });
});

describe('a store that is newer than the code', () => {
  const store = path.join(folder.path, 'newer');

  beforeAll(async () => {
    expect((await run(['migrate', demonstration], { PARKHUB_STORE: store })).code).toBe(0);
    const [file] = fs.readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(sqlite|db)$/.test(name));
    const database = new Database(path.join(store, file ?? ''));
    database.exec("INSERT INTO migration (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')");
    database.close();
  });

  test.each([
    ['serve', demonstration, '--port', '0'],
    ['migrate', demonstration],
    ['sources', demonstration],
  ])('is refused by %s with one line', async (...args) => {
    const { code, stdout, stderr } = await run(args, { PARKHUB_STORE: store });
    expect({ code, stdout }).toEqual({ code: exitCodes.storeNewer.code, stdout: '' });
    expect(stderr).toMatch(/^parkhub: The store is newer than this version of parkhub: .*but got: FromTheFuture9999999999999.*\n$/);
  });

  test('shows where it was refused when --verbose is given', async () => {
    const { code, stderr } = await run(['migrate', demonstration, '--verbose'], { PARKHUB_STORE: store });
    expect(code).toBe(exitCodes.storeNewer.code);
    expect(stderr).toMatch(/\n\s+at /);
  });
});
