/**
 * What happened to each authorization, in the hub's store. Each happening is a row that is added and never changed, so the
 * number of the last row tells whether what was read of them is still so, and every operation looks: what one process
 * grants or revokes, the next read of any other goes by.
 */
import {
  type Happening,
  inForce,
  isRefusal,
  type Purpose,
  type Refusal,
  type Scope,
  type Standing,
  standingAfter,
  type Terms,
} from '../rules/authorization.js';
import { SyncSession, writing } from '../sources/sync/session.js';
import type { MirrorStore } from '../sources/sync/store.js';
import { compareText } from '../values/text.js';

/** Who did something, and when. */
export interface AuthorizationAct {
  readonly by: string;
  /** PAPER: an operator of the park, who acts on a signed paper. */
  readonly kind: 'TENANT' | 'BANK' | 'INVESTOR' | 'PARK' | 'PAPER';
  /** An instant. */
  readonly at: string;
}

/** An authorization with what happened to it. */
export interface Authorization extends Standing {
  readonly id: number;
  readonly tenantUscc: string;
  /** The id of the source whose people may read; `park` for the park's own. */
  readonly grantee: string;
  readonly requested: AuthorizationAct | null;
  readonly granted: AuthorizationAct | null;
  readonly withdrawn: AuthorizationAct | null;
}

/** What a grantee may read on a day. */
export interface InForce {
  /** The companies of each scope. */
  readonly companies: ReadonlyMap<Scope, ReadonlySet<string>>;
  /** The numbers of the authorizations under which a scope of a company may be read. */
  ids(uscc: string, scope: Scope): readonly number[];
}

interface EventColumns {
  readonly id: number;
  readonly authorization: number | null;
  readonly kind: Happening['kind'];
  readonly tenant_uscc: string;
  readonly grantee: string;
  readonly scopes: string | null;
  readonly purpose: string | null;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
  readonly document_hash: string | null;
  readonly by_name: string;
  readonly by_kind: string;
  readonly at: string;
}

/** Something that is to happen to an authorization: to one there is, or to a new one of a tenant and a grantee. */
export interface Occurrence {
  readonly to: number | { readonly tenantUscc: string; readonly grantee: string };
  /** What happens, where the authorization is one of the actor's; undefined where it is not, or there is none. */
  readonly happening: (known: Authorization | undefined) => Happening | undefined;
  readonly act: AuthorizationAct;
  readonly today: string;
}

/** An authorization as it went before the hub was there: each happening with who did it and when; the first begins it. */
export interface PastCourse {
  readonly tenantUscc: string;
  readonly grantee: string;
  readonly happenings: readonly [PastHappening, ...PastHappening[]];
}

interface PastHappening {
  readonly what: Happening;
  readonly act: AuthorizationAct;
}

const COLUMNS = `"id", "authorization", "kind", "tenant_uscc", "grantee", "scopes", "purpose", "valid_from", "valid_to", "document_hash", "by_name", "by_kind", "at"`;

/** The log of a store. */
export class AuthorizationLog {
  private last = 0;
  private known = new Map<number, Authorization>();
  private day = '';
  private readonly granted = new Map<string, InForce>();

  constructor(private readonly store: MirrorStore) {}

  /** Every authorization as it stands now, oldest first. */
  async all(): Promise<ReadonlyMap<number, Authorization>> {
    const [row] = (await this.store.reader.query('SELECT MAX("id") AS last FROM authorization_event')) as { last: number | null }[];
    const last = row?.last ?? 0;
    if (last === this.last) return this.known;
    // Another file was put in the store's place.
    if (last < this.last) this.forget();
    const events = (await this.store.reader.query(`SELECT ${COLUMNS} FROM authorization_event WHERE "id" > ? ORDER BY "id"`, [this.last])) as EventColumns[];
    for (const event of events) {
      // Another ask of this process may have read it meanwhile.
      if (event.id <= this.last) continue;
      const id = event.authorization ?? event.id;
      this.known.set(id, applied(this.known.get(id), event));
      this.last = event.id;
      this.granted.clear();
    }
    return this.known;
  }

  /** What a grantee may read on a day, as it stands now. */
  async inForce(grantee: string, today: string): Promise<InForce> {
    const all = await this.all();
    if (this.day !== today) this.granted.clear();
    this.day = today;
    const found = this.granted.get(grantee) ?? inForceOf([...all.values()].filter((one) => one.grantee === grantee && inForce(one, today)));
    this.granted.set(grantee, found);
    return found;
  }

  /** Records that something happened, if it may: in one transaction that begins with what is known of the authorization. */
  async record({ to, happening, act, today }: Occurrence): Promise<Authorization | Refusal | undefined> {
    const session = new SyncSession(await this.store.connect());
    try {
      return await this.store.exclusively(() =>
        session.transaction(async () => {
          const known = typeof to === 'number' ? await this.readOne(session, to) : undefined;
          const what = happening(known);
          const parties = typeof to === 'number' ? known : to;
          if (!what || !parties) return undefined;
          const standing = standingAfter(known, what, today);
          if (isRefusal(standing)) return standing;
          return applied(known, await this.add(session, known?.id ?? null, parties, what.kind === 'REVOKED' ? what : { ...what, terms: standing.terms }, act));
        }),
      );
    } finally {
      await session.close();
    }
  }

  /**
   * Records what went before, all of it or nothing, in the order of its days. A course whose beginning is on record is left
   * as it stands now. Gives how many courses were recorded.
   */
  recordPast(courses: readonly PastCourse[]): Promise<number> {
    return writing(this.store, async (session) => {
      const begun = new Map<PastCourse, number | null>();
      for (const course of courses) if (!(await this.isBegun(session, course))) begun.set(course, null);
      const all = [...begun.keys()].flatMap((course) => course.happenings.map((happening) => ({ course, ...happening })));
      for (const { course, what, act } of all.sort((a, b) => compareText(a.act.at, b.act.at))) {
        const event = await this.add(session, begun.get(course) ?? null, course, what, act);
        begun.set(course, event.authorization ?? event.id);
      }
      return begun.size;
    });
  }

  private async isBegun(session: SyncSession, course: PastCourse): Promise<boolean> {
    const [{ what, act }] = course.happenings;
    const { document_hash: _hash, ...event } = eventOf(null, course, what, act);
    const where = Object.keys(event).map((column) => `"${column}" IS ?`);
    return (await session.count(`SELECT COUNT(*) AS count FROM authorization_event WHERE ${where.join(' AND ')}`, Object.values(event))) > 0;
  }

  private async add(
    session: SyncSession,
    authorization: number | null,
    parties: { readonly tenantUscc: string; readonly grantee: string },
    what: Happening,
    act: AuthorizationAct,
  ): Promise<EventColumns> {
    const event = eventOf(authorization, parties, what, act);
    await session.run(`INSERT INTO authorization_event (${COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, Object.values(event));
    return { id: await session.count('SELECT last_insert_rowid() AS count'), ...event };
  }

  private async readOne(session: SyncSession, id: number): Promise<Authorization | undefined> {
    const events = await session.rows<EventColumns>(
      `SELECT ${COLUMNS} FROM authorization_event WHERE ("id" = ? AND "authorization" IS NULL) OR "authorization" = ? ORDER BY "id"`,
      [id, id],
    );
    return events.reduce<Authorization | undefined>(applied, undefined);
  }

  private forget(): void {
    this.last = 0;
    this.known = new Map();
    this.granted.clear();
  }
}

/** The columns of an event beside its number, in the order of COLUMNS. */
function eventOf(
  authorization: number | null,
  parties: { tenantUscc: string; grantee: string },
  what: Happening,
  act: AuthorizationAct,
): Omit<EventColumns, 'id'> {
  const terms = what.kind === 'REVOKED' ? undefined : what.terms;
  return {
    authorization,
    kind: what.kind,
    tenant_uscc: parties.tenantUscc,
    grantee: parties.grantee,
    scopes: terms?.scopes.join(',') ?? null,
    purpose: terms?.purpose ?? null,
    valid_from: terms?.validFrom ?? null,
    valid_to: terms?.validTo ?? null,
    document_hash: what.kind === 'GRANTED' ? what.documentHash : null,
    by_name: act.by,
    by_kind: act.kind,
    at: act.at,
  };
}

function applied(known: Authorization | undefined, event: EventColumns): Authorization {
  const act: AuthorizationAct = { by: event.by_name, kind: event.by_kind as AuthorizationAct['kind'], at: event.at };
  const terms: Terms =
    known && event.kind === 'REVOKED'
      ? known.terms
      : {
          scopes: (event.scopes ?? '').split(',') as Scope[],
          purpose: event.purpose as Purpose,
          validFrom: event.valid_from as string,
          validTo: event.valid_to as string,
        };
  return {
    id: known?.id ?? event.id,
    tenantUscc: event.tenant_uscc,
    grantee: event.grantee,
    terms,
    documentHash: event.document_hash ?? known?.documentHash ?? null,
    revoked: event.kind === 'REVOKED',
    requested: event.kind === 'REQUESTED' ? act : (known?.requested ?? null),
    granted: event.kind === 'GRANTED' ? act : (known?.granted ?? null),
    withdrawn: event.kind === 'REVOKED' ? act : null,
  };
}

function inForceOf(authorizations: readonly Authorization[]): InForce {
  const companies = new Map<Scope, Set<string>>();
  const ids = new Map<string, number[]>();
  for (const { id, tenantUscc, terms } of authorizations) {
    for (const scope of terms.scopes) {
      companies.set(scope, (companies.get(scope) ?? new Set()).add(tenantUscc));
      const name = `${scope} ${tenantUscc}`;
      const others = ids.get(name);
      if (others) others.push(id);
      else ids.set(name, [id]);
    }
  }
  return { companies, ids: (uscc, scope) => ids.get(`${scope} ${uscc}`) ?? [] };
}
