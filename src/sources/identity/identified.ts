/**
 * A book that names companies without a USCC, as if it held the USCCs that park officers have said they are.
 *
 * An accepted alias works like a code list in both ways. What is asked of a USCC is asked of the texts that mean it, so
 * that filters, keys, groups and figures stay in the partner's database, one statement each; what comes back is read by
 * the same list. A company that nobody has identified is there, with no USCC: it counts in its partner's totals, and in
 * no tenant's.
 */
import type { Value } from '../../entities/kinds.js';
import { compareValues, identify, matches, selectRows } from '../evaluate.js';
import { mergeTotals } from '../mergeTotals.js';
import type { Answering, Condition, Figure, Grouping, Row, RowsAsk, TotalsAsk, TotalsRow } from '../source.js';

/** What the texts of one attribute mean at one moment. */
export interface CodeList {
  /** The USCC of a text. */
  readonly usccs: ReadonlyMap<string, string>;
  /** The texts of a USCC. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** The code lists of a book's identified attributes, as they are now. */
export type CodeLists = () => Promise<ReadonlyMap<string, CodeList>>;

/** The source, asked in USCCs, whose own book holds designations. */
export function identified(source: Answering, codeLists: CodeLists): Answering {
  return {
    how: source.how,
    asOf: () => source.asOf(),
    rows: async (ask, signal) => {
      const lists = await codeLists();
      const asked = rowsAsk(ask, lists);
      const rows = (await source.rows(asked.ask, signal)).map((row) => decoded(row, lists));
      // The condition was kept by the source; its attributes need not be in the rows.
      return asked.isWhole ? rows : selectRows(rows, { ...ask, where: undefined });
    },
    totals: async (ask, signal) => {
      const lists = await codeLists();
      const own = { ...ask, where: ask.where && encoded(ask.where, lists), keys: ask.keys && encodedKeys(ask.keys, lists) };
      if (![...ask.groupBy, ...ask.figures].some(({ attribute }) => attribute !== undefined && lists.has(attribute))) return source.totals(own, signal);
      const folding = foldingOf(ask, lists);
      // Many texts may be one group: a limit on them would leave groups out of which there are not too many.
      return fold(await source.totals({ ...own, ...folding, limit: undefined }, signal), ask, folding, lists);
    },
  };
}

/** The ask in the source's own texts, and whether its rows are those of the ask: in its order, no more than its limit. */
function rowsAsk(ask: RowsAsk, lists: ReadonlyMap<string, CodeList>): { ask: RowsAsk; isWhole: boolean } {
  const where = ask.where && encoded(ask.where, lists);
  const keys = ask.keys && encodedKeys(ask.keys, lists);
  const order = ask.order.filter((term) => !lists.has(term.attribute));
  const attributes = [...new Set([...ask.attributes, ...ask.order.map((term) => term.attribute), ...(ask.keys ? [ask.keys.attribute] : [])])].filter(
    (name) => name !== 'key' && name !== 'source',
  );
  // The texts stand in another order than what they mean: all rows are needed to find the first.
  if (order.length < ask.order.length) return { ask: { ...ask, where, keys, order, attributes, after: undefined, limit: undefined }, isWhole: false };
  // The first rows of each text hold the first rows of each USCC, and more where several texts mean one.
  const list = ask.keys && lists.get(ask.keys.attribute);
  const isWhole = ask.limit === undefined || !list || (ask.keys?.values ?? []).every((value) => (list.texts.get(value as string)?.length ?? 0) <= 1);
  return { ask: { ...ask, where, keys, attributes: isWhole ? ask.attributes : attributes }, isWhole };
}

function encodedKeys({ attribute, values }: NonNullable<RowsAsk['keys']>, lists: ReadonlyMap<string, CodeList>): NonNullable<RowsAsk['keys']> {
  const list = lists.get(attribute);
  return { attribute, values: list ? textsOf(list, values) : values };
}

function textsOf(list: CodeList, usccs: readonly Value[]): string[] {
  return [...new Set(usccs)].flatMap((uscc) => list.texts.get(uscc as string) ?? []);
}

/** A condition on USCCs as one on the texts that mean them. A text that means none has no value. */
function encoded(condition: Condition, lists: ReadonlyMap<string, CodeList>): Condition {
  if ('all' in condition) return { all: condition.all.map((part) => encoded(part, lists)) };
  if ('any' in condition) return { any: condition.any.map((part) => encoded(part, lists)) };
  if ('not' in condition) return { not: encoded(condition.not, lists) };
  const { attribute, is, value } = condition;
  const list = lists.get(attribute);
  if (!list) return condition;
  if (is === 'isNull') {
    const known: Condition = { attribute, is: 'in', value: [...list.usccs.keys()] };
    return value ? { not: known } : known;
  }
  if (is === 'eq' || is === 'in') return { attribute, is: 'in', value: textsOf(list, [value].flat()) };
  const keeps = [...list.texts.keys()].filter((uscc) => matches({ [attribute]: uscc } as unknown as Row, condition));
  return { attribute, is: 'in', value: textsOf(list, keeps) };
}

/** The row with the USCCs that its texts mean. */
export function decoded<R extends object>(row: R, lists: ReadonlyMap<string, CodeList>): R {
  const values = [...lists].flatMap(([attribute, list]) => (attribute in row ? [[attribute, meaning(row[attribute as keyof R] as Value, list)] as const] : []));
  return values.length === 0 ? row : { ...row, ...Object.fromEntries(values) };
}

function meaning(text: Value, { usccs }: CodeList): Value {
  return text === null ? null : (usccs.get(text as string) ?? null);
}

/** What is asked so that the groups of texts can be put together. */
type Folding = Pick<TotalsAsk, 'groupBy' | 'figures'>;

const COUNT: Figure = { function: 'count' };

/** Groups also by every text, and by whatever is to be counted once: such counts cannot be added up. */
function foldingOf(ask: TotalsAsk, lists: ReadonlyMap<string, CodeList>): Folding {
  const isOfTexts = ({ attribute }: Figure): boolean => attribute !== undefined && lists.has(attribute);
  const distinct = ask.figures.filter((figure) => isOfTexts(figure) || figure.function === 'countDistinct');
  const more = distinct.map(({ attribute }): Grouping => ({ attribute: attribute as string, year: false }));
  const groupBy = [...new Map([...ask.groupBy, ...more].map((grouping) => [nameOf(grouping), grouping])).values()];
  return { groupBy, figures: [COUNT, ...ask.figures.filter((figure) => !distinct.includes(figure))] };
}

/** The groups of an ask out of those of its folding. */
function fold(rows: readonly TotalsRow[], ask: TotalsAsk, { groupBy, figures }: Folding, lists: ReadonlyMap<string, CodeList>): TotalsRow[] {
  const places = new Map(groupBy.map((grouping, index) => [nameOf(grouping), index]));
  const valueIn = (row: TotalsRow, grouping: Grouping): Value => {
    const value = row.group[places.get(nameOf(grouping)) as number] ?? null;
    const list = lists.get(grouping.attribute);
    return list ? meaning(value, list) : value;
  };
  const groups = new Map<string, { group: Value[]; rows: TotalsRow[] }>();
  for (const row of rows) {
    const group = ask.groupBy.map((grouping) => valueIn(row, grouping));
    const found = groups.get(identify(group));
    if (found) found.rows.push(row);
    else groups.set(identify(group), { group, rows: [row] });
  }
  if (groups.size === 0 && ask.groupBy.length === 0) groups.set('', { group: [], rows: [] });
  return [...groups.values()].map(({ group, rows: members }) => {
    const [merged] = mergeTotals(
      members.map((row) => ({ group, figures: row.figures })),
      figures,
    );
    return { group, figures: ask.figures.map((figure) => merged?.figures[figures.indexOf(figure)] ?? figureOf(figure, members)) };
  });

  function figureOf({ function: kind, attribute }: Figure, members: readonly TotalsRow[]): Value {
    if (figures.some((figure) => figure.function === kind && figure.attribute === attribute)) return kind.startsWith('count') ? 0 : null;
    const grouping = { attribute: attribute as string, year: false };
    const counted = members.map((row) => ({ value: valueIn(row, grouping), count: Number(row.figures[0]) })).filter(({ value }) => value !== null);
    if (kind === 'countValues') return counted.reduce((sum, { count }) => sum + count, 0);
    if (kind === 'countDistinct') return new Set(counted.map(({ value }) => value)).size;
    const ordered = counted.map(({ value }) => value).sort(compareValues);
    return (kind === 'minimum' ? ordered[0] : ordered.at(-1)) ?? null;
  }
}

function nameOf({ attribute, year }: Grouping): string {
  return `${attribute} ${year}`;
}
