import { SourceView } from '../../entities/views/sourceView.js';
import type { SourceStatus } from '../../hub.js';
import { fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { driftField, SourceState } from '../../schema/sourceReport.js';

/** `sources`: each source with its state and what its last full reading found. */
export function sourcesFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'sources',
        description: 'Every source of the hub, read through for this answer. 数据源',
        type: () => [SourceView],
        resolve: async (_root, _given, context) => (await context.sourceStatuses()).map((status) => ({ ...status, connector: status.connector.toUpperCase() })),
      },
    ]),
    fieldsOf<SourceStatus>(SourceView, [
      driftField((status) => status.books.map((book) => book.drift)),
      { name: 'state', description: 'Whether it answers. 状态', type: () => SourceState.object, resolve: (status) => status.state },
    ]),
  ];
}
