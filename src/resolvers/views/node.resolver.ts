import { ID } from 'type-graphql';
import { allDefinitions } from '../../entities/definition.js';
import { Node, Provenance, Sourced } from '../../entities/sourced.js';
import type { HubContext } from '../../schema/context.js';
import { HubError } from '../../schema/errors.js';
import { fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { globalId, parseGlobalId } from '../../schema/ids.js';
import { LARGEST_PAGE } from '../../schema/limits.js';
import { rowBy } from '../../schema/links.js';
import type { Row } from '../../sources/book.js';

/** `node` and `nodes`, and the id and provenance of every row. */
export function nodeFields(): ResolverClass[] {
  const find = async (id: string, context: HubContext, info: Parameters<typeof rowBy>[1]): Promise<Row | null> => {
    const named = parseGlobalId(id);
    const definition = named && allDefinitions().find((entry) => entry.name === named.entity);
    return definition ? rowBy(context, info, definition, 'key', named.key, named.source) : null;
  };
  return [
    rootFields([
      {
        name: 'node',
        description: 'The row of a global id; null where there is none. 按全局标识查询',
        type: () => Node,
        nullable: true,
        arguments: { id: { type: () => ID, description: 'The global id. 全局标识' } },
        reads: { entities: () => ['Node'] },
        resolve: (_root, given, context, info) => find(given.id as string, context, info),
      },
      {
        name: 'nodes',
        description: 'The rows of global ids, in their order; null where there is none. 批量按全局标识查询',
        type: () => [Node],
        listItemsNullable: true,
        arguments: { ids: { type: () => [ID], description: `The global ids, at most ${LARGEST_PAGE}. 全局标识` } },
        reads: { entities: () => ['Node'], rows: ({ ids }) => Math.min(LARGEST_PAGE, (ids as readonly string[]).length) },
        resolve: (_root, given, context, info) => {
          const ids = given.ids as string[];
          if (ids.length > LARGEST_PAGE)
            throw new HubError('BAD_USER_INPUT', `ids: expected at most ${LARGEST_PAGE}, but got: ${ids.length}. Ask in several queries.`);
          return ids.map((id) => find(id, context, info));
        },
      },
    ]),
    fieldsOf<Row>(Node, [{ name: 'id', description: 'The global id. 全局标识', type: () => ID, resolve: (row) => globalId(row) }]),
    fieldsOf<Row>(Sourced, [
      {
        name: 'provenance',
        description: 'Where the row is from. 来源',
        type: () => Provenance,
        resolve: (row) => ({ sourceId: row.source, asOf: row.asOf, how: row.how }),
      },
    ]),
  ];
}
