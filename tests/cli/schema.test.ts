import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { describeDifference } from '../../src/cli/schemaCommand.js';
import { build, root, run, temporaryFolder } from '../helpers/commandLine.js';

beforeAll(build);

const folder = temporaryFolder();
afterAll(() => folder.remove());

const committed = (): string => fs.readFileSync(path.join(root, 'schema.graphql'), 'utf8');

describe('parkhub schema', () => {
  test('prints the committed schema', async () => {
    expect(await run(['schema'])).toEqual({ code: 0, stdout: committed(), stderr: '' });
  });

  test('writes it to a file', async () => {
    const out = path.join(folder.path, 'out.graphql');
    expect(await run(['schema', '--out', out])).toEqual({ code: 0, stdout: '', stderr: `Wrote ${out}.\n` });
    expect(fs.readFileSync(out, 'utf8')).toBe(committed());
  });

  test('says which file it cannot write', async () => {
    const out = path.join(folder.path, 'nowhere/out.graphql');
    const { code, stderr } = await run(['schema', '--out', out]);
    expect({ code, stderr }).toEqual({
      code: exitCodes.wrongUse.code,
      stderr: `parkhub: Expected --out to be a file that can be written, but got: ${out} (ENOENT).\n`,
    });
  });

  test('--check passes the committed file, from any folder', async () => {
    expect(await run(['schema', '--check'], {}, folder.path)).toMatchObject({ code: 0, stdout: '' });
  });

  test('--check names the line that differs, and leaves the file alone', async () => {
    const out = path.join(folder.path, 'changed.graphql');
    const changed = committed().replace('type Query {', 'type Query {\n  added: Int');
    expect(changed).not.toBe(committed());
    fs.writeFileSync(out, changed);
    const { code, stderr } = await run(['schema', '--check', '--out', out]);
    expect(code).toBe(exitCodes.schemaDiffers.code);
    expect(stderr).toMatch(
      /^parkhub: Expected .*changed\.graphql to be what the code emits, but got: line \d+ is `added: Int`, where the code emits `.*`.*\n$/,
    );
    expect(fs.readFileSync(out, 'utf8')).toBe(changed);
  });

  test('--check fails when there is no file', async () => {
    const { code, stderr } = await run(['schema', '--check', '--out', path.join(folder.path, 'none.graphql')]);
    expect(code).toBe(exitCodes.schemaDiffers.code);
    expect(stderr).toContain('but got: it cannot be read');
  });
});

describe('the first difference', () => {
  test.each([
    ['a\nb\n', 'a\nc\n', 'line 2 is `b`, where the code emits `c`'],
    ['a\n', 'a\nb\n', 'line 2 is ``, where the code emits `b`'],
    ['a\nb', 'a', 'line 2 is `b`, where the code emits the end of the file'],
  ])('of %j and %j', (committedText, emitted, says) => {
    expect(describeDifference(committedText, emitted)).toBe(says);
  });
});
