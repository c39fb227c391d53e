/** `parkhub identity`: who the companies are that partners name without a USCC. */
import type { Hub } from '../hub.js';
import type { Decision, Verdict } from '../identity/decisions.js';
import type { OpenCompany } from '../identity/identity.js';
import { formatDecimal } from '../values/decimal.js';
import { CommandFailure } from './failure.js';
import type { CommonOptions } from './program.js';
import { recordShown } from './recordShown.js';
import { table, withoutMilliseconds } from './table.js';
import type { Terminal } from './terminal.js';
import { whoRuns } from './whoRuns.js';
import { withHub } from './withHub.js';

/** The options of `parkhub identity list` and `history`. */
export interface IdentityListOptions extends CommonOptions {
  readonly source?: string;
  readonly first: number;
  readonly json?: boolean;
}

/** The options of a decision. */
export interface DecideOptions extends CommonOptions {
  /** Who decides; the login name unless told. */
  readonly by?: string;
  readonly json?: boolean;
}

/**
 * Lists the companies that nobody has identified, with the tenants that they may be.
 * @throws CommandFailure sources, when a source that names companies so does not answer; refused, for a source that there is not.
 */
export async function listCompanies(park: string, options: IdentityListOptions, terminal: Terminal): Promise<void> {
  await withHub(park, options, terminal, async ({ hub }) => {
    const { companies, total, reports } = await terminal.progress('Reading the books …', () =>
      hub.identity.open({ source: options.source, first: options.first }),
    );
    await recordShown(hub, { companies }, 'parkhub identity list');
    if (options.json) terminal.print(JSON.stringify({ total, companies }, jsonValue, 2));
    else if (total === 0) terminal.print('Every company that a source names is identified.');
    else {
      terminal.print(
        table(['Company', 'Name', 'Registration number', 'Rows', 'Tenant', 'Score', 'Grounds', 'Its name'], companies.flatMap(companyRows), terminal, [3]),
      );
      if (companies.length < total) terminal.print(`\n${companies.length} of ${total}; --first shows more.`);
    }
    const failed = reports.filter(({ failure }) => failure);
    for (const { message } of failed) terminal.note(terminal.style('bad', message ?? ''));
    if (failed.length > 0)
      throw new CommandFailure('sources', `Expected every source to answer, but got no answer from: ${failed.map(({ sourceId }) => sourceId).join(', ')}.`);
  });
}

/** Lists what officers have said, the last first. */
export async function listDecisions(park: string, options: IdentityListOptions, terminal: Terminal): Promise<void> {
  await withHub(park, options, terminal, async ({ hub }) => {
    const decisions = await hub.identity.decisions({ source: options.source, limit: options.first });
    await recordShown(hub, { decisions }, 'parkhub identity history');
    if (options.json) terminal.print(JSON.stringify(decisions, jsonValue, 2));
    else if (decisions.length === 0) terminal.print('Nobody has said anything yet.');
    else terminal.print(decisionTable(decisions, terminal));
  });
}

/**
 * Says that a company is a tenant, or is not.
 * @throws CommandFailure refused, where there is no such company or tenant, or it was decided already.
 */
export async function decideAlias(verdict: Verdict, park: string, company: string, uscc: string, options: DecideOptions, terminal: Terminal): Promise<void> {
  await deciding(park, options, terminal, (hub, by) => hub.identity.decide(verdict, company, uscc.toUpperCase(), by));
}

/**
 * Takes a decision back.
 * @throws CommandFailure refused, where there is no such decision, or it was withdrawn already.
 */
export async function withdrawAlias(park: string, decision: number, options: DecideOptions, terminal: Terminal): Promise<void> {
  await deciding(park, options, terminal, (hub, by) => hub.identity.withdraw(decision, by));
}

async function deciding(park: string, options: DecideOptions, terminal: Terminal, decide: (hub: Hub, by: string) => Promise<Decision>): Promise<void> {
  await withHub(park, options, terminal, async ({ hub }) => {
    const decision = await decide(hub, options.by ?? whoRuns());
    terminal.print(options.json ? JSON.stringify(decision, jsonValue, 2) : decisionTable([decision], terminal));
  });
}

/** A line for each candidate; the company stands before the first. */
function companyRows({ id, name, registrationNumber, rows, candidates }: OpenCompany): string[][] {
  const company = [id, shown(name), shown(registrationNumber), String(rows)];
  if (candidates.length === 0) return [[...company, '(none like it)', '', '', '']];
  return candidates.map(({ uscc, score, grounds, matchedName, tied }, index) => [
    ...(index === 0 ? company : ['', '', '', '']),
    uscc,
    `${formatDecimal(score)}${tied ? ' =' : ''}`,
    grounds.join(' '),
    shown(matchedName),
  ]);
}

function decisionTable(decisions: readonly Decision[], terminal: Terminal): string {
  const rows = decisions.map(({ id, source, name, registrationNumber, verdict, uscc, by, at, score, withdrawn }) => [
    String(id),
    source,
    shown(name),
    shown(registrationNumber),
    verdict === 'ACCEPTED' ? 'is' : 'is not',
    uscc,
    formatDecimal(score),
    by,
    withoutMilliseconds(at),
    withdrawn ? `${withdrawn.by}, ${withoutMilliseconds(withdrawn.at)}` : '',
  ]);
  return table(['No.', 'Source', 'Name', 'Registration number', '', 'Tenant', 'Score', 'By', 'At', 'Withdrawn'], rows, terminal, [0]);
}

/** Two names that look alike may differ in what is not seen: it is written out. */
function shown(text: string | null): string {
  return (text ?? '').replace(/[\p{C}\p{Zl}\p{Zp}\u00a0]/gu, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

function jsonValue(name: string, value: unknown): unknown {
  return name === 'score' && typeof value === 'bigint' ? formatDecimal(value) : value;
}
