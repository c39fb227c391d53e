/** What each exit code of parkhub means: the one table that --help, docs/operations.md and the tests are made from. */
export const exitCodes = {
  ok: { code: 0, meaning: 'All went well.' },
  unexpected: { code: 1, meaning: 'Something unexpected. --verbose shows where.' },
  wrongUse: { code: 2, meaning: 'Wrong command, option or configuration: not a park, a wrong park.yml, a store that cannot be used.' },
  sources: {
    code: 3,
    meaning:
      'A source was left out or is unavailable, or could not be synced; under --check also: it has rows that were set aside; export: it cannot give all its rows.',
  },
  portInUse: { code: 4, meaning: 'The port is in use.' },
  storeNewer: { code: 5, meaning: 'The store is newer than this version of parkhub.' },
  schemaDiffers: { code: 6, meaning: 'schema --check: the file is not what the code emits.' },
  refused: {
    code: 7,
    meaning:
      'identity, token, authorization, export: it was refused: no such company, tenant, source, decision, token or authorization, or it was decided or revoked already, or the hub says why.',
  },
  traceBroken: {
    code: 8,
    meaning: 'audit verify: the trace is not as it was written; sources, identity list: what they show could not be recorded, and is not shown.',
  },
  brokenOff: { code: 9, meaning: 'export: the hub cannot be reached, or the export broke off. Nothing was left of it in --out.' },
} as const;

/** The name of an exit code. */
export type ExitCode = keyof typeof exitCodes;

/** The table as `--help` prints it. */
export function describeExitCodes(): string {
  const lines = Object.values(exitCodes).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}
