/** Rows that name another row of the same source which is not there. */
import { definitionOf, type EntityDefinition } from '../entities/definition.js';
import { valueOf } from './evaluate.js';
import type { MappedRecord } from './mapping.js';
import type { SetAside } from './source.js';

/** A book that was read: its rows beside what they were made of, and the rows that were set aside. */
export interface ReadBook {
  readonly definition: EntityDefinition;
  readonly read: number;
  readonly rows: readonly MappedRecord[];
  readonly setAside: readonly SetAside[];
}

/** The books with every row set aside whose required link leads nowhere, until none does: a row may hang on one that is set aside. */
export function setAsideDangling(books: readonly ReadBook[]): ReadBook[] {
  let current = [...books];
  for (;;) {
    const next = current.map((book) => checked(book, current));
    if (next.every((book, index) => book === current[index])) return next;
    current = next;
  }
}

function checked(book: ReadBook, books: readonly ReadBook[]): ReadBook {
  const links = book.definition.links.flatMap((link) => {
    if (!link.required || link.from === 'source') return [];
    const target = definitionOf(link.target());
    const keys = new Set(books.find((other) => other.definition === target)?.rows.map(({ row }) => valueOf(row, link.to)));
    return [{ link, target, keys }];
  });
  const dangling: SetAside[] = [];
  const rows = book.rows.filter(({ row, record }) => {
    const broken = links.find(({ link, keys }) => !keys.has(valueOf(row, link.from)));
    if (!broken) return true;
    const { link, target } = broken;
    const named = link.to === 'key' ? (target.key ?? 'key') : link.to;
    const reason = `${link.from}: expected the ${named} of one of the ${target.plural}, but got: ${String(valueOf(row, link.from))}, which is not among them`;
    dangling.push({ entity: book.definition.name, place: record.place, reason, raw: record.cells });
    return false;
  });
  return dangling.length === 0 ? book : { ...book, rows, setAside: [...book.setAside, ...dangling] };
}
