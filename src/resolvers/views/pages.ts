/** Pages of lists that are not books: by number, the last first. */
import { Int } from 'type-graphql';
import type { PageInfo } from '../../schema/connection.js';
import { HubError } from '../../schema/errors.js';
import type { ArgumentDeclaration } from '../../schema/fieldResolver.js';
import { DEFAULT_PAGE, LARGEST_PAGE } from '../../schema/limits.js';

export const first: ArgumentDeclaration = {
  type: () => Int,
  nullable: true,
  description: `How many from the start; ${DEFAULT_PAGE} unless told, at most ${LARGEST_PAGE}. 前几行`,
};
export const after: ArgumentDeclaration = { type: () => String, nullable: true, description: 'Only those after this cursor. 游标之后' };

/** Where a page stands. */
export function pageOf(cursors: readonly string[], more: boolean, since: string | undefined): PageInfo {
  return { hasNextPage: more, hasPreviousPage: since !== undefined, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null };
}

/** A page of things with numbers, where `found` is one more than was wanted if there are more. */
export function pageByNumber<T extends { readonly id: number }>(
  found: readonly T[],
  count: number,
  since: string | undefined,
): { nodes: T[]; pageInfo: PageInfo } {
  const nodes = found.slice(0, count);
  const cursors = nodes.map(({ id }) => String(id));
  return { nodes, pageInfo: pageOf(cursors, found.length > count, since) };
}

/** An argument that may be left out. */
export function textOf(given: unknown): string | undefined {
  return (given ?? undefined) as string | undefined;
}

/** `first`. Throws a HubError for what is out of bounds. */
export function countOf(given: unknown): number {
  const wanted = (given ?? DEFAULT_PAGE) as number;
  if (wanted < 0 || wanted > LARGEST_PAGE) throw new HubError('BAD_USER_INPUT', `first: expected 0 to ${LARGEST_PAGE}, but got: ${wanted}.`);
  return wanted;
}

/** The number of a thing. Throws a HubError for another text. */
export function numberOf(given: string, argument: string, what: string): number {
  if (/^[1-9]\d{0,14}$/.test(given)) return Number(given);
  throw new HubError('BAD_USER_INPUT', `${argument}: expected the number of ${what}, but got: ${given.slice(0, 100)}.`);
}
