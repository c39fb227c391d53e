/**
 * The tokens that the hub makes itself: `phk_` and 256 random bits. The store has only the SHA-256 of each.
 *
 * No slow hash: bcrypt and its like make guessing dear where people choose what is hashed. Nobody guesses 256 random
 * bits, at any speed, and a slow hash would let a flood of wrong tokens keep the processor busy. No salt either, for no
 * two tokens are the same: so a token is found by its hash, through an index. What the time of that look-up could tell
 * is how a hash begins, and no token follows from that; no token is ever compared with another.
 *
 * Nothing is kept in memory of what the store says: a token that one process revokes is refused at the next request of
 * every other.
 */
import { createHash, randomBytes } from 'node:crypto';
import { HubError } from '../schema/errors.js';
import { writing } from '../sources/sync/session.js';
import type { MirrorStore } from '../sources/sync/store.js';
import { type Grant, readGrant } from './grant.js';
import { UnauthenticatedError } from './refusal.js';
import type { Viewer } from './viewer.js';

/** How each token begins: scanners of code for leaked secrets know it by that. */
export const TOKEN_PREFIX = 'phk_';
/** A token may be good for so many days at most. */
export const LONGEST_DAYS = 366;

const DAY = 86_400_000;
const MINUTE = 60_000;
const SHAPE = /^phk_[A-Za-z0-9_-]{43}$/;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** What is known of a token; the token itself is not. */
export interface HubToken {
  /** By this number it is revoked. */
  readonly id: number;
  readonly name: string;
  /** Who holds it; null where this version knows no such viewer. */
  readonly grant: Grant | null;
  readonly issuedBy: string;
  /** Instants. */
  readonly issuedAt: string;
  readonly expiresAt: string;
  /** To the minute; null where it was never used. */
  readonly lastUsedAt: string | null;
  readonly revoked: { readonly by: string; readonly at: string } | null;
  readonly state: 'IN_FORCE' | 'EXPIRED' | 'REVOKED';
}

/** What a token is to be. */
export interface TokenOrder {
  /** What it is for: 1 to 80 printable characters. */
  readonly name: string;
  readonly grant: Grant;
  /** How long it is good, in milliseconds: more than none, at most 366 days. */
  readonly lifetime: number;
  /** Who issues it. */
  readonly by: string;
}

interface TokenColumns {
  readonly id: number;
  readonly name: string;
  readonly viewer: string;
  readonly issued_by: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly last_used_at: string | null;
  readonly revoked_by: string | null;
  readonly revoked_at: string | null;
}

/** The tokens in a store. */
export class HubTokens {
  /** The uses that are to be written, by the token's id. */
  private readonly uses = new Map<number, string>();
  /** When a use of a token was last noted. */
  private readonly noted = new Map<number, number>();
  private flushing: Promise<void> | undefined;

  /** @param onProblem Told when the time of a last use could not be written; nothing else depends on it. */
  constructor(
    private readonly store: MirrorStore,
    private readonly clock: () => Date,
    private readonly onProblem: (error: unknown) => void = () => undefined,
  ) {}

  /** Makes a token. It is given this once, and cannot be had again. Throws a HubError for a name, a lifetime or a grant that cannot be. */
  async issue({ name, grant, lifetime, by }: TokenOrder): Promise<{ token: string; issued: HubToken }> {
    const printable = { name: printed('name', name, 80), by: printed('by', by, 100) };
    if (!(lifetime > 0 && lifetime <= LONGEST_DAYS * DAY))
      throw new HubError('BAD_USER_INPUT', `expires: expected more than no time and at most ${LONGEST_DAYS} days, but got: ${lifetime / DAY} days.`);
    const viewer = readGrant(grant);
    if (!viewer) throw new HubError('BAD_USER_INPUT', `viewer: expected one that there may be, but got: ${JSON.stringify(grant).slice(0, 200)}.`);
    const now = this.clock();
    const token = TOKEN_PREFIX + randomBytes(32).toString('base64url');
    const values = [hashOf(token), printable.name, JSON.stringify(viewer), printable.by, now.toISOString(), new Date(now.getTime() + lifetime).toISOString()];
    const issued = await writing(this.store, async (session) => {
      await session.run('INSERT INTO hub_token ("hash", "name", "viewer", "issued_by", "issued_at", "expires_at") VALUES (?, ?, ?, ?, ?, ?)', values);
      return session.rows<TokenColumns>('SELECT * FROM hub_token WHERE "id" = last_insert_rowid()');
    });
    return { token, issued: this.tokenOf(issued[0] as TokenColumns) };
  }

  /** Every token, the last first. */
  async list(): Promise<HubToken[]> {
    const rows = (await this.store.reader.query('SELECT * FROM hub_token ORDER BY "id" DESC')) as TokenColumns[];
    return rows.map((row) => this.tokenOf(row));
  }

  /** Takes a token back: it is refused from the next request on. Throws a HubError where there is none, or it was revoked already. */
  async revoke(id: number, by: string): Promise<HubToken> {
    const officer = printed('by', by, 100);
    return writing(this.store, async (session) => {
      const [row] = await session.rows<TokenColumns>('SELECT * FROM hub_token WHERE "id" = ?', [id]);
      if (!row) throw new HubError('UNKNOWN_TOKEN', `token: expected the number of a token, but got: ${id}. The list of tokens has them.`);
      if (row.revoked_at !== null)
        throw new HubError('ALREADY_REVOKED', `token: expected one that is not revoked, but got: ${id}, which ${row.revoked_by} revoked at ${row.revoked_at}.`);
      const revoked = { revoked_by: officer, revoked_at: this.clock().toISOString() };
      await session.run('UPDATE hub_token SET "revoked_by" = ?, "revoked_at" = ? WHERE "id" = ?', [revoked.revoked_by, revoked.revoked_at, id]);
      return this.tokenOf({ ...row, ...revoked });
    });
  }

  /** Drops what this issuer's tokens have left that expired; the others stay on record. */
  async forgetExpired(issuedBy: string): Promise<void> {
    await writing(this.store, (session) =>
      session.run('DELETE FROM hub_token WHERE "issued_by" = ? AND "expires_at" <= ?', [issuedBy, this.clock().toISOString()]),
    );
  }

  /** Who holds the token. Throws an UnauthenticatedError for one that is not in force. */
  async check(token: string): Promise<Viewer> {
    if (!SHAPE.test(token)) throw new UnauthenticatedError('not the shape of a hub token');
    const [row] = (await this.store.reader.query('SELECT * FROM hub_token WHERE "hash" = ?', [hashOf(token)])) as TokenColumns[];
    if (!row) throw new UnauthenticatedError('a hub token that is not known');
    const now = this.clock();
    if (row.revoked_at !== null) throw new UnauthenticatedError(`hub token ${row.id} was revoked at ${row.revoked_at}`);
    if (isOver(row, now)) throw new UnauthenticatedError(`hub token ${row.id} expired at ${row.expires_at}`);
    const grant = grantOf(row);
    if (!grant) throw new UnauthenticatedError(`hub token ${row.id} is of no viewer that this version knows`);
    this.noteUse(row, now);
    // Two tokens may have one name, and the trace must tell them apart.
    return { ...grant, name: `${row.name} (token ${row.id})`, via: 'token' };
  }

  /** Waits until the times of the last uses are written. */
  async settle(): Promise<void> {
    await this.flushing;
  }

  /** Writes the time of a use beside the answer, at most once a minute for each token. */
  private noteUse({ id, last_used_at }: TokenColumns, now: Date): void {
    const before = Math.max(last_used_at === null ? 0 : Date.parse(last_used_at), this.noted.get(id) ?? 0);
    if (now.getTime() - before < MINUTE) return;
    this.noted.set(id, now.getTime());
    this.uses.set(id, now.toISOString());
    this.flushing ??= this.flush();
  }

  /** Writes all that is noted, in one transaction; what comes meanwhile, in the next. */
  private async flush(): Promise<void> {
    try {
      while (this.uses.size > 0) {
        const uses = [...this.uses];
        this.uses.clear();
        await writing(this.store, async (session) => {
          // Another process may have noted a later use.
          for (const [id, at] of uses)
            await session.run('UPDATE hub_token SET "last_used_at" = ? WHERE "id" = ? AND ("last_used_at" IS NULL OR "last_used_at" < ?)', [at, id, at]);
        });
      }
    } catch (error) {
      this.onProblem(error);
    } finally {
      this.flushing = undefined;
    }
  }

  private tokenOf(row: TokenColumns): HubToken {
    return {
      id: row.id,
      name: row.name,
      grant: grantOf(row),
      issuedBy: row.issued_by,
      issuedAt: row.issued_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      revoked: row.revoked_at === null ? null : { by: row.revoked_by ?? '', at: row.revoked_at },
      state: row.revoked_at !== null ? 'REVOKED' : isOver(row, this.clock()) ? 'EXPIRED' : 'IN_FORCE',
    };
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A time that cannot be read is over. */
function isOver({ expires_at }: TokenColumns, now: Date): boolean {
  return !(now.getTime() < Date.parse(expires_at));
}

function grantOf({ viewer }: TokenColumns): Grant | null {
  try {
    return readGrant(JSON.parse(viewer)) ?? null;
  } catch {
    return null;
  }
}

function printed(field: string, text: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed !== '' && [...trimmed].length <= most && !UNPRINTABLE.test(trimmed)) return trimmed;
  throw new HubError('BAD_USER_INPUT', `${field}: expected 1 to ${most} printable characters, but got: ${trimmed === '' ? 'none' : 'another text'}.`);
}
