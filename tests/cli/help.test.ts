import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { build, root, run } from '../helpers/commandLine.js';

beforeAll(build);

const commands = ['serve', 'migrate', 'sources', 'sync', 'identity', 'token', 'authorization', 'audit', 'export', 'schema'];

describe('--help', () => {
  test('of parkhub names every command and every exit code', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    for (const { code, meaning } of Object.values(exitCodes)) expect(stdout).toContain(`  ${code}  ${meaning}`);
  });

  test.each(commands)('of %s shows an example', async (command) => {
    const { code, stdout, stderr } = await run([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`Example:\\n  parkhub ${command}`));
  });

  test('is printed without colours where nobody looks', async () => {
    const { stdout } = await run(['--help']);
    expect(stdout).not.toContain('\u001b');
  });
});

test('--version prints the version of package.json', async () => {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('wrong use', () => {
  test.each([
    [['srve'], /unknown command 'srve' \(Did you mean serve\?\)/],
    [['serve'], /missing required argument 'park'/],
    [['serve', 'parks/xinxiang', '--prot', '1'], /unknown option '--prot' \(Did you mean --port\?\)/],
    [['serve', 'parks/xinxiang', '--port', 'http'], /Expected a whole number from 0 to 65535, but got: http/],
    [['serve', 'parks/xinxiang', '--port', '65536'], /Expected a whole number from 0 to 65535, but got: 65536/],
    [['serve', 'parks/xinxiang', 'parks/other'], /too many arguments/],
    [['sources', 'parks/xinxiang', '--rows', '0'], /Expected a whole number from 1 to 1000, but got: 0/],
  ])('%j ends with one line on standard error and code 2', async (args, line) => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: exitCodes.wrongUse.code, stdout: '' });
  });

  test('no command at all shows the help and fails', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: exitCodes.wrongUse.code, stdout: '' });
    expect(stderr).toContain('Usage: parkhub');
  });
});

test('no two exit codes are the same', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('docs/command-line.md lists the same exit codes', () => {
  const text = fs.readFileSync(path.join(root, 'docs/command-line.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (\d) \| (.*) \|$/gm)].map(([, code, meaning]) => ({ code: Number(code), meaning }));
  expect(rows).toEqual(Object.values(exitCodes));
});
