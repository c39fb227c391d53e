import { Int } from 'type-graphql';
import { type RawCell, SetAsideRow, SourceBook, SourceView, SyncRun } from '../../entities/views/sourceView.js';
import { pageSize } from '../../schema/connection.js';
import { HubError } from '../../schema/errors.js';
import { type ArgumentDeclaration, fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { DEFAULT_PAGE, LARGEST_PAGE } from '../../schema/limits.js';
import type { SetAsideSeen, SourceStatusSeen } from '../../schema/recordsSeen.js';
import { driftField, SourceState } from '../../schema/sourceReport.js';

const first: ArgumentDeclaration = {
  type: () => Int,
  nullable: true,
  description: `How many from the start; ${DEFAULT_PAGE} unless told, at most ${LARGEST_PAGE}. 前几行`,
};

/** `sources`: each source with its state, what its last full reading found, and how it was copied. */
export function sourcesFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'sources',
        description: 'Every source of the hub; those for which the viewer has a duty are read through for this answer. 数据源',
        type: () => [SourceView],
        // Every row of every book is read.
        reads: { entities: () => [''], asks: 100 },
        resolve: async (_root, _given, context) => (await context.sourceStatuses()).map((status) => ({ ...status, connector: status.connector.toUpperCase() })),
      },
    ]),
    fieldsOf<SourceStatusSeen>(SourceView, [
      driftField((status) => status.books.map((book) => book.drift)),
      { name: 'state', description: 'Whether it answers. 状态', type: () => SourceState.object, resolve: (status) => status.state },
      {
        name: 'syncRuns',
        description: 'How it was copied, the last time first; empty for a source that is read live. 同步记录',
        type: () => [SyncRun],
        arguments: { first },
        reads: { rows: pageSize },
        resolve: ({ id }, given, context) => context.syncRuns(id, countOf(given)),
      },
    ]),
    fieldsOf<SourceStatusSeen['books'][number]>(SourceBook, [
      {
        name: 'setAside',
        description: 'Rows set aside, in their order; read less accepted is how many there are. 隔离行',
        type: () => [SetAsideRow],
        arguments: { first },
        reads: { rows: pageSize },
        resolve: ({ sourceId, entity, setAside }, given, context) => {
          const shown = setAside.slice(0, countOf(given));
          context.setAsideShown(sourceId, entity, shown.filter(({ raw }) => raw !== null).length);
          return shown.map(rowOf);
        },
      },
    ]),
  ];
}

function countOf({ first: count }: Readonly<Record<string, unknown>>): number {
  const wanted = (count ?? DEFAULT_PAGE) as number;
  if (wanted < 0 || wanted > LARGEST_PAGE) throw new HubError('BAD_USER_INPUT', `first: expected 0 to ${LARGEST_PAGE}, but got: ${wanted}.`);
  return wanted;
}

function rowOf({ place, at, reason, raw }: SetAsideSeen): SetAsideRow {
  return { place, file: at?.file ?? null, sheet: at?.sheet ?? null, line: at?.line ?? null, reason, cells: raw && Object.entries(raw).map(cellOf) };
}

function cellOf([column, value]: [string, unknown]): RawCell {
  if (value === null || value === undefined) return { column, value: null };
  return { column, value: value instanceof Date ? value.toISOString() : String(value) };
}
