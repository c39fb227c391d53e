/**
 * The pages of an export, each an operation of its own: with its own context (so a token or an authorization that is revoked
 * counts from the next page on), its own cost, time and turn in the viewer's rate, and its own record in the trace, which is
 * committed before the page is given.
 *
 * An export is whole or it fails. What a client can be told before the first row is told then; what comes after breaks it off.
 */
import type { ApolloServer } from '@apollo/server';
import { type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode, parse } from 'graphql';
import { type HiddenField, HubContext } from '../../schema/context.js';
import { checkCost, costOf } from '../../schema/cost.js';
import { HubError, internalErrorCode } from '../../schema/errors.js';
import { aboveLimit, LARGEST_PAGE, type Limits } from '../../schema/limits.js';
import type { SourceReport } from '../../sources/book.js';
import { isFaulty } from '../sourceReports.js';
import type { ExportPlan } from './exportPlan.js';

/** An export that is refused, or breaks off. */
export class ExportError extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly GraphQLFormattedError[],
    /** Seconds after which it may be tried again. */
    readonly retryAfter?: number,
  ) {
    super(errors[0]?.message ?? 'The export failed.');
    this.name = 'ExportError';
  }

  static of({ message, extensions }: HubError, status = 400, retryAfter?: number): ExportError {
    return new ExportError(status, [{ message, extensions }], retryAfter);
  }
}

/** Rows that were recorded, and may leave. */
export interface ExportPage {
  readonly rows: readonly object[];
  readonly hidden: readonly HiddenField[];
  /** The sources that did not answer as they should: from their last good copy, or with other columns than their mapping has. */
  readonly sources: readonly SourceReport[];
  /** The list goes on after these rows, whether the export does or not. */
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** What pages are read with. */
export interface ExportAsk {
  readonly apollo: ApolloServer<object>;
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly plan: ExportPlan;
  /** The context of the next operation: who asks is asked anew. */
  readonly context: () => Promise<object>;
  /** Gives back when the viewer's rate lets another operation in. */
  readonly turn: () => Promise<void>;
}

/** Seconds after which a source that failed may answer again. */
const LATER = 30;

/** The pages, the first even where it has no rows. Throws an ExportError. */
export async function* exportPages(ask: ExportAsk): AsyncGenerator<ExportPage, void> {
  const { plan, limits } = ask;
  const bound = limits.exportRows;
  if (plan.first !== undefined && plan.first > bound) throw ExportError.of(aboveLimit('exportRows', plan.first, bound));
  const wanted = plan.first ?? bound;
  let size: number | undefined;
  let [rows, after] = [0, plan.after];
  for (;;) {
    if (rows > 0) await ask.turn();
    const context = await ask.context();
    size ??= pageSize(ask, context);
    const page = await readPage(ask, context, plan.variables(Math.min(size, wanted - rows), after));
    rows += page.rows.length;
    const isOver = !page.hasNextPage || page.endCursor === null || page.rows.length === 0 || rows >= wanted;
    if (!isOver && after === plan.after) await checkCount(ask, bound);
    if (isOver && page.hasNextPage && plan.first === undefined) throw ExportError.of(aboveLimit('exportRows', rows + 1, bound));
    yield page;
    if (isOver) return;
    after = page.endCursor;
  }
}

/** The most rows of a page whose cost is within the bounds. */
function pageSize({ schema, limits, plan }: ExportAsk, context: object): number {
  const document = parse(plan.page, { noLocation: true });
  const operation = document.definitions[0] as OperationDefinitionNode;
  const sourcesOf = context instanceof HubContext ? context.hub.sourcesOf : () => 1;
  for (let size = LARGEST_PAGE; size > 1; size = Math.floor(size / 2)) {
    const cost = costOf(schema, document, operation, plan.variables(size, plan.after), sourcesOf);
    if (!cost) return size;
    try {
      checkCost(cost, limits);
      return size;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
    }
  }
  // A row that is above the bounds by itself is refused with its figures when it is asked.
  return 1;
}

async function readPage(ask: ExportAsk, context: object, variables: Record<string, unknown>): Promise<ExportPage> {
  const list = await readList(ask, context, ask.plan.page, variables);
  const { nodes, pageInfo } = list as { nodes: readonly object[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  const isOfHub = context instanceof HubContext;
  const sources = isOfHub ? context.reports().filter(isFaulty) : [];
  return { rows: nodes, hidden: isOfHub ? context.hidden() : [], sources, ...pageInfo };
}

/** Refuses a list of more rows than an export may have before the first of them leaves. */
async function checkCount(ask: ExportAsk, bound: number): Promise<void> {
  const { plan } = ask;
  if (plan.first !== undefined || plan.count === undefined) return;
  await ask.turn();
  const { totalCount } = (await readList(ask, await ask.context(), plan.count, plan.variables(0, null))) as { totalCount: number };
  if (totalCount > bound) throw ExportError.of(aboveLimit('exportRows', totalCount, bound));
}

/** What an operation gives of the list. Throws an ExportError for anything less than the whole of it. */
async function readList({ apollo, plan }: ExportAsk, context: object, query: string, variables: Record<string, unknown>): Promise<object> {
  const { body, http } = await apollo.executeOperation({ query, variables }, { contextValue: context });
  const { data, errors } = body.kind === 'single' ? body.singleResult : { data: undefined, errors: undefined };
  if (errors && errors.length > 0) {
    // Places in a document that the client did not write.
    const told = errors.map(({ locations: _locations, ...error }) => error);
    throw new ExportError(statusOf(told, http.status), told, told.some(isOfSource) ? LATER : undefined);
  }
  if (context instanceof HubContext) for (const report of context.reports()) checkReport(report);
  const list = plan.path.reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], data);
  if (typeof list !== 'object' || list === null)
    throw ExportError.of(
      new HubError('NOT_FOUND', `${plan.path.join('.')}: expected a list, but got: none. There is no such row, or none that you may see.`),
      404,
    );
  return list;
}

/** Throws where rows of a source are missing, or may be: it failed, or its first reading is still under way. */
function checkReport({ sourceId, state, message, drift }: SourceReport): void {
  const isMissing = state === 'UNAVAILABLE';
  const isBeingRead = (state === 'LIVE' || state === 'MIRRORED') && message !== null && !drift;
  if (!isMissing && !isBeingRead) return;
  const advice = 'An export is whole or not at all: ask again later, or for the other sources alone (sourceId in `where`).';
  throw ExportError.of(new HubError('SOURCE_UNAVAILABLE', `${said(sourceId, message)} ${advice}`, { source: sourceId }), 503, LATER);
}

/** What a report says, by the name of its source. */
export function said(sourceId: string, message: string | null): string {
  return message?.startsWith(`${sourceId} `) ? message : `${sourceId}: ${message}`;
}

const isOfSource = ({ extensions }: GraphQLFormattedError): boolean => String(extensions?.code).startsWith('SOURCE_');

function statusOf(errors: readonly GraphQLFormattedError[], status: number | undefined): number {
  if (status !== undefined && status >= 400) return status;
  const codes = errors.map(({ extensions }) => extensions?.code);
  if (codes.includes(internalErrorCode)) return 500;
  return errors.some(isOfSource) || codes.includes('TIME_BUDGET_EXCEEDED') ? 503 : 400;
}
