/**
 * Authorizations 授权: who may ask for one, grant it, revoke it and see it, and what a partner may read under those in
 * force. The rule, with its source, is in rules/authorization.ts.
 *
 * A partner, or the park, asks for itself; the company grants, asked or not, and revokes. An operator of a park without
 * sign-in grants and revokes on the company's signed paper, which the record says. Everybody else is refused in one way,
 * whether what they name exists or not.
 */
import { definitionOf } from '../entities/definition.js';
import { Tenant } from '../entities/index.js';
import { officerName } from '../identity/officer.js';
import { type Happening, isRefusal, type Refusal, type Scope, type Standing, standingAfter, stateOf, type Terms } from '../rules/authorization.js';
import { HubError } from '../schema/errors.js';
import { Book } from '../sources/book.js';
import type { SourceRegistry } from '../sources/registry.js';
import { dateIn } from '../values/time.js';
import type { Authorization, AuthorizationAct, AuthorizationLog, InForce } from './authorizationLog.js';
import type { Consents, ConsentsOnce } from './consents.js';
import { granteeOf, type Viewer } from './viewer.js';

export type { Authorization, AuthorizationAct, InForce } from './authorizationLog.js';

/** Who acts: the viewer itself, or an operator who has the company's signed paper before them. */
export type Actor = Viewer | { readonly kind: 'PAPER'; readonly name: string };

/** What is asked for. */
export interface AuthorizationRequest extends Terms {
  readonly tenantUscc: string;
}

/** What is granted: an ask, with as much of its terms as is not given otherwise, or terms of the company's own. */
export interface AuthorizationGrant extends Partial<Terms> {
  /** The number of the ask. */
  readonly authorization?: number | undefined;
  /** Without an ask: who may read. */
  readonly grantee?: string | undefined;
  /** Without an ask, on paper: the company that signed. */
  readonly tenantUscc?: string | undefined;
  /** SHA-256 of the signed document, in hexadecimal digits. */
  readonly documentHash: string;
}

/** Which authorizations. */
export interface AuthorizationsAsked {
  readonly tenantUscc?: string | undefined;
  readonly grantee?: string | undefined;
  readonly state?: string | undefined;
  /** Only those before this one. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

/** An authorization of the past: what happened to it, on which days. */
export interface PastAuthorization {
  readonly tenantUscc: string;
  readonly grantee: string;
  readonly happenings: readonly { readonly day: string; readonly what: Happening }[];
}

interface AuthorizationsOptions {
  readonly log: AuthorizationLog;
  readonly registry: SourceRegistry;
  readonly clock: () => Date;
}

/** Days of consents are those of the park. */
const TIME_ZONE = 'Asia/Shanghai';

/** The authorizations of a hub. */
export class Authorizations implements Consents {
  private readonly tenants: Book;

  constructor(private readonly options: AuthorizationsOptions) {
    this.tenants = new Book([definitionOf(Tenant)], options.registry, () => undefined);
  }

  async authorised(grantee: string, scope: Scope): Promise<ReadonlySet<string>> {
    return (await this.inForce(grantee)).companies.get(scope) ?? new Set();
  }

  /** The same for one operation: looked up once for each grantee. */
  once(): ConsentsOnce {
    const known = new Map<string, Promise<InForce>>();
    const inForce = (grantee: string): Promise<InForce> => {
      const found = known.get(grantee) ?? this.inForce(grantee);
      known.set(grantee, found);
      return found;
    };
    return {
      authorised: async (grantee, scope) => (await inForce(grantee)).companies.get(scope) ?? new Set(),
      authorizations: async (grantee) => (await inForce(grantee)).ids,
    };
  }

  /** All that a grantee may read, as of now. */
  inForce(grantee: string): Promise<InForce> {
    return this.options.log.inForce(grantee, this.today());
  }

  /** The state of one today. */
  stateOf(authorization: Authorization): ReturnType<typeof stateOf> {
    return stateOf(authorization, this.today());
  }

  /** Those that the viewer may see, the last first: a company its own, a partner those that name it, the park's operators all. */
  async list(viewer: Actor, { tenantUscc, grantee, state, before, limit }: AuthorizationsAsked): Promise<Authorization[]> {
    const today = this.today();
    const found = [...(await this.options.log.all()).values()].filter(
      (one) =>
        sees(viewer, one) &&
        (tenantUscc === undefined || one.tenantUscc === tenantUscc) &&
        (grantee === undefined || one.grantee === grantee) &&
        (state === undefined || stateOf(one, today) === state) &&
        (before === undefined || one.id < before),
    );
    return found.reverse().slice(0, limit);
  }

  /** A partner, or the park, asks a company. @throws HubError NOT_FOUND, UNKNOWN_TENANT, BAD_USER_INPUT */
  async request(viewer: Actor, { tenantUscc, ...terms }: AuthorizationRequest): Promise<Authorization> {
    const grantee = viewer.kind === 'PAPER' ? undefined : granteeOf(viewer);
    if (grantee === undefined) throw refused();
    await this.requireTenant(tenantUscc);
    return this.record(viewer, { tenantUscc, grantee }, () => ({ kind: 'REQUESTED', terms }));
  }

  /** A company consents. @throws HubError NOT_FOUND, UNKNOWN_TENANT, BAD_USER_INPUT, AUTHORIZATION_STATE */
  async grant(viewer: Actor, grant: AuthorizationGrant): Promise<Authorization> {
    const documentHash = grant.documentHash.toLowerCase();
    const { authorization } = grant;
    if (authorization !== undefined) {
      if (grant.grantee !== undefined || grant.tenantUscc !== undefined)
        throw new HubError('BAD_USER_INPUT', 'grantee: expected none beside an authorization that was asked for, but got one.');
      return this.record(viewer, authorization, ({ terms }) => ({ kind: 'GRANTED', documentHash, terms: { ...terms, ...givenOf(grant) } }));
    }
    const tenantUscc = viewer.kind === 'TENANT' ? viewer.uscc : viewer.kind === 'PAPER' ? required(grant, 'tenantUscc') : undefined;
    if (tenantUscc === undefined) throw refused();
    const grantee = required(grant, 'grantee');
    if (!this.options.registry.get(grantee)) {
      const ids = this.options.registry.all().map(({ id }) => id);
      throw new HubError('BAD_USER_INPUT', `grantee: expected one of the sources ${ids.join(', ')}, but got: ${shown(grantee)}.`);
    }
    await this.requireTenant(tenantUscc);
    const terms: Terms = {
      scopes: required(grant, 'scopes'),
      purpose: required(grant, 'purpose'),
      validFrom: required(grant, 'validFrom'),
      validTo: required(grant, 'validTo'),
    };
    return this.record(viewer, { tenantUscc, grantee }, () => ({ kind: 'GRANTED', documentHash, terms }));
  }

  /** A company takes its consent back, or refuses an ask: from the next read on nothing is read under it. @throws HubError NOT_FOUND, AUTHORIZATION_STATE */
  revoke(viewer: Actor, authorization: number): Promise<Authorization> {
    return this.record(viewer, authorization, () => ({ kind: 'REVOKED' }));
  }

  /**
   * Records once how authorizations went before the hub was there: those of a demonstration. By the rules of their days.
   *
   * @param act who did it and when, for a day
   * @throws HubError BAD_USER_INPUT, where the rules refuse one of them, or its grantee is no source; then none is recorded
   */
  async recordPast(past: readonly PastAuthorization[], act: (day: string, kind: Happening['kind'], grantee: string) => AuthorizationAct): Promise<number> {
    return this.options.log.recordPast(
      past.map(({ tenantUscc, grantee, happenings }) => {
        if (!this.options.registry.get(grantee))
          throw new HubError('BAD_USER_INPUT', `${tenantUscc}: expected a grantee that is a source, but got: ${shown(grantee)}.`);
        let standing: Standing | undefined;
        const [first, ...rest] = happenings.map(({ day, what }) => {
          const next = standingAfter(standing, what, day);
          if (isRefusal(next)) {
            const field = next.problem === 'FIELD' ? `${next.field}: ` : '';
            throw new HubError('BAD_USER_INPUT', `${tenantUscc}, ${grantee}, ${what.kind} on ${day}: ${field}expected ${next.expected}, but got another.`);
          }
          standing = next;
          return { what: what.kind === 'REVOKED' ? what : { ...what, terms: next.terms }, act: act(day, what.kind, grantee) };
        });
        if (!first) throw new HubError('BAD_USER_INPUT', `${tenantUscc}, ${grantee}: expected something that happened, but got: nothing.`);
        return { tenantUscc, grantee, happenings: [first, ...rest] };
      }),
    );
  }

  private async record(
    viewer: Actor,
    to: number | { readonly tenantUscc: string; readonly grantee: string },
    happening: (known: Authorization) => Happening,
  ): Promise<Authorization> {
    const now = this.options.clock();
    const today = dateIn(TIME_ZONE, now);
    let found: Authorization | undefined;
    const outcome = await this.options.log.record({
      to,
      act: actOf(viewer, now),
      today,
      happening: (known) => {
        found = known;
        if (typeof to === 'number' && !(known && isOwn(viewer, known))) return undefined;
        return happening(known as Authorization);
      },
    });
    if (!outcome) throw refused();
    if (isRefusal(outcome)) throw errorOf(outcome, found, today);
    return outcome;
  }

  private async requireTenant(uscc: string): Promise<void> {
    const where = { attribute: 'uscc', is: 'eq', value: uscc } as const;
    const { rows, reports } = await this.tenants.page({ where, order: [], limit: 1, attributes: new Map([['Tenant', ['uscc']]]) });
    if (rows.length > 0) return;
    const failed = reports.find(({ failure }) => failure);
    if (failed?.failure) throw failed.failure;
    throw new HubError('UNKNOWN_TENANT', `tenantUscc: expected that of a tenant of the park, past or present, but got: ${shown(uscc)}.`);
  }

  private today(): string {
    return dateIn(TIME_ZONE, this.options.clock());
  }
}

/** Whether the viewer is the company that an authorization is of, or has its paper. */
function isOwn(viewer: Actor, { tenantUscc }: Authorization): boolean {
  return viewer.kind === 'PAPER' || (viewer.kind === 'TENANT' && viewer.uscc === tenantUscc);
}

function sees(viewer: Actor, authorization: Authorization): boolean {
  if (viewer.kind === 'SYSTEM' || (viewer.kind === 'PARK' && viewer.role !== 'ANALYST')) return true;
  return viewer.kind === 'PAPER' || isOwn(viewer, authorization) || granteeOf(viewer) === authorization.grantee;
}

function actOf(viewer: Actor, now: Date): AuthorizationAct {
  const at = now.toISOString();
  switch (viewer.kind) {
    case 'PAPER':
      return { by: officerName(viewer.name), kind: 'PAPER', at };
    case 'TENANT':
    case 'BANK':
    case 'INVESTOR':
    case 'PARK':
      return { by: viewer.name, kind: viewer.kind, at };
    default:
      throw refused();
  }
}

function givenOf({ scopes, purpose, validFrom, validTo }: AuthorizationGrant): Partial<Terms> {
  return { ...(scopes && { scopes }), ...(purpose && { purpose }), ...(validFrom && { validFrom }), ...(validTo && { validTo }) };
}

function required<K extends keyof AuthorizationGrant>(grant: AuthorizationGrant, field: K): NonNullable<AuthorizationGrant[K]> {
  const value = grant[field];
  if (value !== undefined && value !== null) return value;
  throw new HubError('BAD_USER_INPUT', `${field}: expected one, for nobody asked for what is granted, but got: none.`);
}

/** The one answer to whoever may not, whatever they name. */
function refused(): HubError {
  return new HubError('NOT_FOUND', 'authorization: expected one that you may ask for, grant or revoke, but found none.');
}

function errorOf(refusal: Refusal, known: Authorization | undefined, today: string): HubError {
  if (refusal.problem === 'FIELD') return new HubError('BAD_USER_INPUT', `${refusal.field}: expected ${refusal.expected}, but got another.`);
  const got = known ? `${known.id}, which is ${stateOf(known, today)}` : 'another';
  return new HubError('AUTHORIZATION_STATE', `authorization: expected ${refusal.expected}, but got: ${got}.`);
}

function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
