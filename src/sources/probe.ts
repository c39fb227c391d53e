/**
 * A page under a condition that crosses books, without the list of all keys that keep it.
 *
 * Where many rows keep the condition, the next rows of the list hold a page of them: they are read in the list's order, and
 * the other books are asked about these rows only. What the first rows show tells how many more will do. Where they show
 * that it would be many, probing gives up, and the condition is planned as a whole: then few rows keep it, and their keys are
 * a short list.
 */
import type { Book, Rows, RowsRequest, SourceReport } from './book.js';
import { matches } from './evaluate.js';
import { type BookCondition, isPlain, type Planner, plainOf } from './plan.js';
import type { OrderTerm, Row } from './source.js';

/** A page that is wanted: as many rows as `limit`. */
export type ProbedRequest = Omit<RowsRequest, 'where' | 'limit'> & { readonly limit: number; readonly order: readonly OrderTerm[] };

/** Rows that are read at first: so many times as a page has, and at least so many. */
const FIRST_FACTOR = 2;
const LEAST = 100;
/** Rows that are read beyond those that will probably do, for what keeps a condition comes unevenly. */
const MARGIN = 1.3;
/** More rows than this are not probed for one page; a page of more rows than this is not probed at all. */
const MOST_PROBED = 4_000;
/** Batches of one page. */
const MOST_ROUNDS = 4;

/** The page; undefined where it would take too many rows to find it so. */
export async function probedPage(
  planner: Planner<SourceReport>,
  book: Pick<Book, 'page' | 'positionOf'>,
  condition: BookCondition,
  request: ProbedRequest,
): Promise<Rows | undefined> {
  const parts = 'all' in condition ? condition.all : [condition];
  const where = plainOf(parts, undefined);
  const crossing: BookCondition = { all: parts.filter((part) => !isPlain(part)) };
  const needed = attributesIn(crossing);
  const attributes = new Map([...request.attributes].map(([entity, names]) => [entity, [...new Set([...names, ...needed])]]));
  const wanted = request.limit + 1;
  const reports: SourceReport[] = [];
  const kept: Row[] = [];
  let after = request.after;
  let batch = Math.max(LEAST, wanted * FIRST_FACTOR);
  for (let round = 1, probed = 0; round <= MOST_ROUNDS && probed + batch <= MOST_PROBED; round++) {
    const page = await book.page({ ...request, where, after, attributes, limit: batch, rests: needed });
    const planned = await planner.planForRows(crossing, page.rows);
    reports.push(...page.reports, ...planned.reports);
    const found = page.rows.filter((row) => !planned.condition || matches(row, planned.condition));
    if (request.backwards) kept.unshift(...found);
    else kept.push(...found);
    if (kept.length >= wanted || !page.more) {
      const more = kept.length > request.limit;
      const rows = !more ? kept : request.backwards ? kept.slice(-request.limit || kept.length) : kept.slice(0, request.limit);
      return { rows, more, reports };
    }
    if (kept.length === 0) return undefined;
    probed += page.rows.length;
    batch = Math.max(LEAST, Math.ceil((wanted - kept.length) * (probed / kept.length) * MARGIN));
    after = book.positionOf((request.backwards ? page.rows[0] : page.rows.at(-1)) as Row, request.order);
  }
  return undefined;
}

/** What must be known of a row to tell whether it keeps the condition. */
function attributesIn(condition: BookCondition): string[] {
  if ('all' in condition) return condition.all.flatMap(attributesIn);
  if ('any' in condition) return condition.any.flatMap(attributesIn);
  if ('not' in condition) return attributesIn(condition.not);
  return ['crossing' in condition ? condition.crossing.from : condition.attribute];
}
