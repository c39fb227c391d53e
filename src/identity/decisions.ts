/**
 * The decisions of park officers on who a company is, in the hub's store. Each is a row that is added and never changed;
 * the withdrawal of one is another row. So the number of the last row of a source tells whether what was read of it is
 * still so, and every ask can look: what one process decides, the next read of any other goes by.
 */
import type { DataSource } from 'typeorm';
import type { Ground } from '../rules/companyName.js';
import { HubError } from '../schema/errors.js';
import { type Designation, type DesignationForm, designationText, type IdentifiedAttributes } from '../sources/identity/designation.js';
import type { CodeList } from '../sources/identity/identified.js';
import { type SyncSession, writing } from '../sources/sync/session.js';
import type { MirrorStore } from '../sources/sync/store.js';
import type { Millionths } from '../values/decimal.js';

/** Who said so, and when. */
export interface Act {
  readonly by: string;
  /** An instant. */
  readonly at: string;
}

/** A decision: what a partner calls a company is, or is not, a tenant. */
export interface Decision extends Designation, Act {
  readonly id: number;
  readonly source: string;
  readonly uscc: string;
  readonly verdict: Verdict;
  /** What spoke for it at that time. */
  readonly score: Millionths;
  readonly grounds: readonly Ground[];
  /** Null while it is in force. */
  readonly withdrawn: Act | null;
}

export type Verdict = 'ACCEPTED' | 'REJECTED';

/** Which decisions. */
export interface DecisionsAsked {
  readonly source?: string | undefined;
  /** Only those that are in force (true) or were withdrawn (false). */
  readonly inForce?: boolean | undefined;
  /** Only those before this one. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

interface DecisionColumns {
  readonly id: number;
  readonly source: string;
  readonly name: string | null;
  readonly registration_number: string | null;
  readonly uscc: string;
  readonly verdict: string;
  readonly decided_by: string;
  readonly decided_at: string;
  readonly score: number | string;
  readonly grounds: string;
  readonly withdrawn_by: string | null;
  readonly withdrawn_at: string | null;
}

/** The acceptances of a source in force, up to the row of this number. */
interface Accepted {
  readonly last: number;
  readonly accepted: readonly Decision[];
  readonly lists: Map<DesignationForm, CodeList>;
}

type Read = <R>(text: string, parameters: readonly unknown[]) => Promise<R[]>;

const SELECTED = `SELECT d."id", d."source", d."name", d."registration_number", d."uscc", d."verdict", d."decided_by", d."decided_at", d."score", d."grounds",
  w."decided_by" AS "withdrawn_by", w."decided_at" AS "withdrawn_at"
  FROM alias_decision AS d LEFT JOIN alias_decision AS w ON w."withdraws" = d."id" WHERE d."verdict" <> 'WITHDRAWN'`;

/** The decisions in a store. */
export class Decisions {
  private readonly known = new Map<string, Accepted>();

  constructor(private readonly store: MirrorStore) {}

  /** What the texts of a book's identified attributes mean now. */
  async codeLists(source: string, attributes: IdentifiedAttributes): Promise<ReadonlyMap<string, CodeList>> {
    const { accepted, lists } = await this.accepted(source);
    return new Map(
      [...attributes].map(([attribute, form]) => {
        const list = lists.get(form) ?? codeListOf(accepted, form);
        lists.set(form, list);
        return [attribute, list];
      }),
    );
  }

  /** Decisions, the last first. */
  async list({ source, inForce, before, limit }: DecisionsAsked = {}): Promise<Decision[]> {
    const conditions = [
      ...(source === undefined ? [] : ['d."source" = ?']),
      ...(inForce === undefined ? [] : [`w."id" IS ${inForce ? '' : 'NOT '}NULL`]),
      ...(before === undefined ? [] : ['d."id" < ?']),
    ];
    const parameters = [source, before, limit].filter((value) => value !== undefined);
    const text = [SELECTED, ...conditions].join(' AND ');
    return decisionsOf(await reading(this.store.reader)(`${text} ORDER BY d."id" DESC${limit === undefined ? '' : ' LIMIT ?'}`, parameters));
  }

  /** Records that a company is, or is not, a tenant. Throws a HubError where that, or who it is, was decided already. */
  async decide(company: Designation, decision: Omit<Decision, keyof Designation | 'id' | 'withdrawn'>): Promise<Decision> {
    const { source, uscc, verdict, by, at, score, grounds } = decision;
    return writing(this.store, async (session) => {
      const read: Read = (text, parameters) => session.rows(text, parameters);
      const inForce = decisionsOf(
        await read(`${SELECTED} AND w."id" IS NULL AND d."source" = ? AND d."name" IS ? AND d."registration_number" IS ? ORDER BY d."id"`, [
          source,
          company.name,
          company.registrationNumber,
        ]),
      );
      const standing = inForce.find((other) => other.verdict === 'ACCEPTED') ?? inForce.find((other) => other.uscc === uscc);
      if (standing) throw alreadyDecided(standing);
      const own = [source, company.name, company.registrationNumber, uscc, verdict, null, by, at, score, grounds.join(',')];
      const id = await add(session, own);
      return { ...decision, id, name: company.name, registrationNumber: company.registrationNumber, withdrawn: null };
    });
  }

  /** Withdraws a decision: it stays on record. Throws a HubError where there is none, or it was withdrawn already. */
  async withdraw(id: number, act: Act): Promise<Decision> {
    return writing(this.store, async (session) => {
      const [decision] = decisionsOf(await session.rows(`${SELECTED} AND d."id" = ?`, [id]));
      if (!decision)
        throw new HubError('UNKNOWN_DECISION', `decision: expected the number of a decision, but got: ${id}. The decisions on record have their numbers.`);
      if (decision.withdrawn) {
        const { by, at } = decision.withdrawn;
        throw new HubError('ALREADY_DECIDED', `decision: expected one that is in force, but got: ${id}, which ${by} withdrew at ${at}.`, {
          decision: id,
          by,
          at,
        });
      }
      const { source, name, registrationNumber, uscc } = decision;
      await add(session, [source, name, registrationNumber, uscc, 'WITHDRAWN', id, act.by, act.at, 0n, '']);
      return { ...decision, withdrawn: act };
    });
  }

  /** The acceptances of a source that are in force; read again when anything was added. */
  private async accepted(source: string): Promise<Accepted> {
    const [row] = await reading(this.store.reader)<{ last: number | null }>('SELECT MAX("id") AS last FROM alias_decision WHERE "source" = ?', [source]);
    const last = row?.last ?? 0;
    const known = this.known.get(source);
    if (known?.last === last) return known;
    const accepted = (await this.list({ source, inForce: true })).filter(({ verdict }) => verdict === 'ACCEPTED');
    const found = { last, accepted, lists: new Map() };
    this.known.set(source, found);
    return found;
  }
}

function codeListOf(accepted: readonly Decision[], form: DesignationForm): CodeList {
  const usccs = new Map<string, string>();
  const texts = new Map<string, string[]>();
  for (const decision of accepted) {
    const text = designationText(decision, form);
    if (text === undefined) continue;
    usccs.set(text, decision.uscc);
    const others = texts.get(decision.uscc);
    if (others) others.push(text);
    else texts.set(decision.uscc, [text]);
  }
  return { usccs, texts };
}

function reading(store: DataSource): Read {
  return async (text, parameters) => (await store.query(text, [...parameters])) as never;
}

async function add(session: SyncSession, values: readonly unknown[]): Promise<number> {
  await session.run(
    `INSERT INTO alias_decision ("source", "name", "registration_number", "uscc", "verdict", "withdraws", "decided_by", "decided_at", "score", "grounds")
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    values,
  );
  return session.count('SELECT last_insert_rowid() AS count');
}

function alreadyDecided({ id, verdict, uscc, by, at }: Decision): HubError {
  const said = verdict === 'ACCEPTED' ? `is ${uscc}` : `is not ${uscc}`;
  return new HubError(
    'ALREADY_DECIDED',
    `company: expected one on which this is still open, but got: one of which ${by} said at ${at} that it ${said} (decision ${id}). Withdraw that decision first.`,
    { decision: id, verdict, uscc, by, at },
  );
}

function decisionsOf(rows: readonly DecisionColumns[]): Decision[] {
  return rows.map((row) => ({
    id: row.id,
    source: row.source,
    name: row.name,
    registrationNumber: row.registration_number,
    uscc: row.uscc,
    verdict: row.verdict as Verdict,
    by: row.decided_by,
    at: row.decided_at,
    score: BigInt(row.score),
    grounds: row.grounds === '' ? [] : (row.grounds.split(',') as Ground[]),
    withdrawn: row.withdrawn_by === null ? null : { by: row.withdrawn_by, at: row.withdrawn_at as string },
  }));
}
