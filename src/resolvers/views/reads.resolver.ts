import { Field, ObjectType } from 'type-graphql';
import type { TracedRead } from '../../access/trace.js';
import { DataRead } from '../../entities/views/readView.js';
import { PageInfo, pageSize } from '../../schema/connection.js';
import { HubError } from '../../schema/errors.js';
import { type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { after, countOf, first, numberOf, pageByNumber, textOf } from './pages.js';

/** A page of reads. */
@ObjectType({ description: 'Reads of what is not public of a company, the last first. 查询留痕列表' })
class DataReadConnection {
  @Field(() => [DataRead], { description: 'The reads. 查询留痕' })
  nodes!: DataRead[];

  @Field(() => PageInfo, { description: 'Where the page stands. 分页信息' })
  pageInfo!: PageInfo;
}

/** `readsOfMyData`. */
export function readFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'readsOfMyData',
        description: 'Who read what is not public of your company, the last first; for a company that asks of itself. 谁查询了我的数据',
        type: () => DataReadConnection,
        nullable: true,
        arguments: { first, after },
        reads: { page: pageSize },
        resolve: async (_root, given, context): Promise<DataReadConnection> => {
          const { viewer, hub } = context;
          if (viewer.kind !== 'TENANT') throw new HubError('NOT_FOUND', 'readsOfMyData: expected a company that asks of itself, but found none.');
          const count = countOf(given.first);
          const since = textOf(given.after);
          const before = since === undefined ? undefined : numberOf(since, 'after', 'a read');
          const found = await hub.readTrace.readsOf(viewer.uscc, { before, limit: count + 1 });
          const { nodes, pageInfo } = pageByNumber(found, count, since);
          const own = new Set((await hub.authorizations.list(viewer, {})).map(({ id }) => id));
          return { nodes: nodes.map((read) => viewOf(read, own)), pageInfo };
        },
      },
    ]),
  ];
}

/** @param own the company's own authorizations: an operation may have read of others under theirs */
function viewOf({ id, at, viewer, origin, operation, document, exported, reads, authorizations }: TracedRead, own: ReadonlySet<number>): DataRead {
  return {
    id: String(id),
    at,
    by: viewer.name,
    kind: viewer.kind,
    of: viewer.of,
    origin,
    operation,
    document,
    exported,
    reads: reads.map(({ source, entity, ask, scopes, rows }) => ({ sourceId: source, entity, ask, scopes: [...scopes], rows })),
    authorizations: authorizations.filter((number) => own.has(number)).map(String),
  };
}
