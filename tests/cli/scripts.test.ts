/** The npm scripts: what they count, and which Node they run on. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../helpers/commandLine.js';

const load = (name: string): Promise<Record<string, (...args: unknown[]) => unknown>> => import(path.join(root, 'scripts/lib', name));

describe('the last line of npm test', () => {
  const report = (tests: string[], files: object[] = []): object => ({
    numPassedTests: tests.filter((state) => state === 'passed').length,
    numFailedTests: tests.filter((state) => state === 'failed').length,
    numPendingTests: tests.filter((state) => state === 'skipped').length,
    numTodoTests: tests.filter((state) => state === 'todo').length,
    testResults: files,
  });

  test.each([
    ['counts each state', report(['passed', 'passed', 'skipped', 'todo']), 0, { passed: 2, failed: 0, skipped: 2 }],
    ['counts what failed', report(['passed', 'failed']), 1, { passed: 1, failed: 1, skipped: 0 }],
    ['counts a file that could not be loaded', report(['passed'], [{ status: 'failed', assertionResults: [] }]), 1, { passed: 1, failed: 1, skipped: 0 }],
    [
      'counts a failed test once, not its file again',
      report(['failed'], [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]),
      1,
      { passed: 0, failed: 1, skipped: 0 },
    ],
    ['counts a run that failed beside its tests', report(['passed']), 1, { passed: 1, failed: 1, skipped: 0 }],
    ['counts a run that left no report', undefined, 1, { passed: 0, failed: 1, skipped: 0 }],
    ['counts a run that was killed', undefined, null, { passed: 0, failed: 1, skipped: 0 }],
  ])('%s', async (_name, given, status, counts) => {
    const { countTests } = await load('countTests.mjs');
    expect(countTests?.(given, status)).toEqual(counts);
  });
});

describe('the check of Node', () => {
  const check = (version: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', `import { requireNode } from './scripts/lib/prepare.mjs'; requireNode('${version}');`], {
      cwd: root,
      encoding: 'utf8',
    });

  test.each(['20.19.0', '20.20.2', '22.12.0', '24.0.0'])('lets %s pass', (version) => {
    expect(check(version)).toMatchObject({ status: 0, stderr: '' });
  });

  test.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0'])('refuses %s with one line', (version) => {
    const { status, stderr } = check(version);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^parkhub needs Node 20\.19 .*but got: [\d.]+\..*\n$/);
  });

  test('is the same as the engines of package.json', () => {
    const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe('^20.19.0 || >=22.12.0');
  });
});

describe('a build stamp', () => {
  test('changes with the content and with the name of a file, and not without', async () => {
    const { hashOf } = await load('prepare.mjs');
    const folder = fs.mkdtempSync(path.join(root, 'dist/.hash-'));
    try {
      const hash = (): unknown => hashOf?.([folder]);
      fs.writeFileSync(path.join(folder, 'a.ts'), 'one');
      const first = hash();
      expect(hash()).toBe(first);
      fs.writeFileSync(path.join(folder, 'a.ts'), 'two');
      expect(hash()).not.toBe(first);
      fs.writeFileSync(path.join(folder, 'a.ts'), 'one');
      expect(hash()).toBe(first);
      fs.renameSync(path.join(folder, 'a.ts'), path.join(folder, 'b.ts'));
      expect(hash()).not.toBe(first);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('package-lock.json holds the packages of every platform, without which npm ci refuses it', () => {
  interface Locked {
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  }
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as { packages: Readonly<Record<string, Locked>> };
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !packages[`node_modules/${name}`] && !packages[`${place}/node_modules/${name}`])
      .map((name) => `${place} wants ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each(['start', 'parkhub'])('npm run %s takes the place of its shell, which would die of a signal and leave the hub running', (name) => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> };
  expect(scripts[name]).toMatch(/^exec node /);
});
