/** Cursors: a row's place in the order that it was listed in. */
import type { Value } from '../entities/kinds.js';
import { isUscc } from '../rules/uscc.js';
import type { BookPosition, OrderTerm } from '../sources/book.js';
import { isDate, parseDateTime } from '../values/time.js';
import { HubError } from './errors.js';
import type { OrderedAttribute } from './order.js';

/** The cursor of a position in an order. */
export function writeCursor(order: readonly OrderTerm[], position: BookPosition): string {
  const values = position.values.map((value) => (typeof value === 'bigint' ? { n: value.toString() } : value));
  return Buffer.from(JSON.stringify([signature(order), values, position.part, position.key]), 'utf8').toString('base64url');
}

/** What a cursor is read for: a list of these entities, with these attributes to order by. */
interface CursorList {
  readonly definitions: readonly { readonly name: string }[];
  readonly attributes: ReadonlyMap<string, OrderedAttribute>;
}

/** The position of a cursor of this order. Throws a HubError for a cursor of another list or order, or for no cursor. */
export function readCursor(cursor: string, argument: string, order: readonly OrderTerm[], list: CursorList): BookPosition {
  const parsed = parse(cursor);
  if (!Array.isArray(parsed) || parsed.length !== 4) throw refused(argument, 'a cursor that this list gave');
  const [own, values, part, key] = parsed as [unknown, unknown, unknown, unknown];
  if (typeof part !== 'string' || typeof key !== 'string' || !Array.isArray(values)) throw refused(argument, 'a cursor that this list gave');
  if (!list.definitions.some(({ name }) => part.startsWith(`${name}/`))) throw refused(argument, 'a cursor that this list gave');
  if (own !== signature(order) || values.length !== order.length) throw refused(argument, 'a cursor of the same orderBy');
  const read = values.map((value: unknown, index) => readValue(value, list.attributes.get((order[index] as OrderTerm).attribute)));
  if (read.includes(undefined)) throw refused(argument, 'a cursor that this list gave');
  return { values: read as Value[], part, key };
}

function refused(argument: string, expected: string): HubError {
  return new HubError(
    'BAD_USER_INPUT',
    `${argument}: expected ${expected}, but got another text. Take it from pageInfo or edges of the list that you are paging.`,
  );
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function signature(order: readonly OrderTerm[]): string {
  return order.map((term) => `${term.attribute}${term.descending ? '-' : '+'}`).join(',');
}

/** Undefined where the value is not of the attribute's kind: it would reach a statement as it is. `source`, a text, is no attribute. */
function readValue(value: unknown, attribute: OrderedAttribute | undefined): Value | undefined {
  if (value === null) return attribute?.nullable ? null : undefined;
  switch (attribute?.kind) {
    case 'money':
    case 'decimal': {
      const digits = typeof value === 'object' && 'n' in value ? value.n : undefined;
      return typeof digits === 'string' && /^-?\d{1,18}$/.test(digits) ? BigInt(digits) : undefined;
    }
    case 'integer':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'date':
      return typeof value === 'string' && isDate(value) ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' ? parseDateTime(value) : undefined;
    case 'uscc':
      return typeof value === 'string' && isUscc(value) ? value : undefined;
    default:
      return typeof value === 'string' ? value : undefined;
  }
}
