/** Rows that name another row of the same source which is not there. */
import { definitionOf, type EntityDefinition } from '../entities/definition.js';
import { valueOf } from './evaluate.js';
import type { Row, SetAside } from './source.js';

interface CheckedBook {
  readonly definition: EntityDefinition;
  readonly read: number;
  readonly rows: readonly Row[];
  readonly setAside: readonly SetAside[];
}

/** The books with every row set aside whose required link leads nowhere, until none does: a row may hang on one that is set aside. */
export function setAsideDangling(books: readonly CheckedBook[]): CheckedBook[] {
  let current = [...books];
  for (;;) {
    const next = current.map((book) => checked(book, current));
    if (next.every((book, index) => book === current[index])) return next;
    current = next;
  }
}

function checked(book: CheckedBook, books: readonly CheckedBook[]): CheckedBook {
  const links = book.definition.links.flatMap((link) => {
    if (!link.required || link.from === 'source') return [];
    const target = definitionOf(link.target());
    // A book that is not there holds no row: what hangs on it dangles.
    const rows = books.find((other) => other.definition === target)?.rows ?? [];
    return [{ link, target, keys: new Set(rows.map((row) => valueOf(row, link.to))) }];
  });
  const dangling: SetAside[] = [];
  const rows = book.rows.filter((row) => {
    const broken = links.find(({ link, keys }) => !keys.has(valueOf(row, link.from)));
    if (!broken) return true;
    const { link, target } = broken;
    const reason = `${link.from}: expected the ${link.to} of a ${target.name} of the register, but got: ${String(valueOf(row, link.from))}, which it does not hold`;
    dangling.push({ entity: book.definition.name, place: `${book.definition.plural} ${row.key}`, reason, raw: plain(row) });
    return false;
  });
  return dangling.length === 0 ? book : { ...book, rows, setAside: [...book.setAside, ...dangling] };
}

function plain(row: Row): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]));
}
