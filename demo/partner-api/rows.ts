/** Which rows of a resource a request wants. */
import type { PageOfRows, Partner } from './partners.js';

/** A request that the partner refuses, for a reason that it tells. */
export class BadRequest extends Error {}

/** One page of the rows, as the query asks. Throws BadRequest for a page that is none. */
export function pageOf(partner: Partner, rows: readonly unknown[], query: ReadonlyMap<string, string>): PageOfRows {
  const { paging, pageSize } = partner;
  const size = Math.min(wholeNumber(query.get(paging.size), paging.size, pageSize.usual), pageSize.greatest);
  const number = paging.style === 'page' ? wholeNumber(query.get(paging.number), paging.number, 1) : 1;
  const start = paging.style === 'page' ? (number - 1) * size : startOf(query.get(paging.cursor));
  const end = start + size;
  return { rows: rows.slice(start, end), total: rows.length, number, size, next: end < rows.length ? cursorOf(end) : null };
}

/**
 * The rows whose field is one of the keys. The parameter is the field's plural: `creditCodes` asks for `creditCode`,
 * wherever in the row it stands. Throws BadRequest when no row has such a field, or the keys are too many or no texts.
 */
export function rowsOfKeys(partner: Partner, rows: readonly unknown[], parameter: string, keys: unknown): PageOfRows {
  const field = parameter.replace(/s$/, '');
  if (rows.length > 0 && !rows.some((row) => valuesOf(row, field).length > 0)) throw new BadRequest(`unknown parameter ${parameter}`);
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) throw new BadRequest(`${parameter}: expected a list of texts`);
  if (keys.length > partner.mostKeys) throw new BadRequest(`${parameter}: expected at most ${partner.mostKeys}, but got: ${keys.length}`);
  const wanted = new Set<unknown>(keys);
  const found = rows.filter((row) => valuesOf(row, field).some((value) => wanted.has(value)));
  return { rows: found, total: found.length, number: 1, size: found.length, next: null };
}

function valuesOf(row: unknown, field: string): unknown[] {
  if (typeof row !== 'object' || row === null) return [];
  return Object.entries(row).flatMap(([name, value]) => (name === field ? [value] : valuesOf(value, field)));
}

function wholeNumber(text: string | undefined, parameter: string, usual: number): number {
  if (text === undefined) return usual;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new BadRequest(`${parameter}: expected a whole number from 1, but got: ${text}`);
  return Number(text);
}

function cursorOf(start: number): string {
  return Buffer.from(`after:${start}`).toString('base64url');
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const match = /^after:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw new BadRequest('cursor: expected one that was given with a page');
  return Number(match[1]);
}
