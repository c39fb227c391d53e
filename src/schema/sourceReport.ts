/** What an answer says of the sources that were asked for it. */
import { Field, ObjectType } from 'type-graphql';
import { defineEnum } from '../entities/enums.js';
import type { Drift, SourceReport } from '../sources/book.js';
import { type FieldDeclaration, fieldsOf, type ResolverClass } from './fieldResolver.js';
import { DateTimeScalar } from './scalars.js';

export const SourceState = defineEnum('SourceState', 'What became of a source in an answer. 来源状态', {
  LIVE: 'Read from the partner for this answer. 实时',
  MIRRORED: "Read from the hub's copy. 镜像",
  DENIED: 'Not asked: the viewer may see nothing of what was to be asked of it. 无权访问',
  STALE: 'Did not answer, or not in full: its last good copy was read, as of the time that is stated. 旧副本',
  UNAVAILABLE: 'Did not answer: its rows are missing. 不可用',
});

/** A book whose columns changed. */
@ObjectType({ description: 'A book of a source whose columns are not as its mapping expects. 列变更' })
export class ColumnDrift {
  @Field(() => String, { description: 'The entity. 实体' })
  entity!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Columns that the mapping names and the book has no more; null for who has no duty for the source. 缺失的列',
  })
  missingColumns!: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Columns that are new, or were never mapped where the book was not seen whole; null likewise. 新增的列',
  })
  newColumns!: string[] | null;

  @Field(() => [String], { description: 'Fields of the entity that are errors for rows of this source. 无法读取的字段' })
  attributes!: string[];
}

/** What became of one source in one answer. */
@ObjectType('SourceReport', { description: 'What became of one source in one answer. 来源报告' })
export class SourceReportType {
  @Field(() => String, { description: 'The id of the source. 来源标识' })
  sourceId!: string;

  @Field(() => SourceState.object, { description: 'What became of it. 状态' })
  state!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'As of when its rows speak; null where there are none. 数据截止时间' })
  asOf!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it is stale or unavailable, or what changed of its columns. 说明' })
  message!: string | null;
}

/** `drift` of what reports on a source or on one of its books. */
export function driftField<Parent>(drifts: (parent: Parent) => readonly (Drift | undefined)[]): FieldDeclaration<Parent> {
  return {
    name: 'drift',
    description: 'Books whose columns are not as their mapping expects. 列变更',
    type: () => [ColumnDrift],
    resolve: (parent) => drifts(parent).flatMap((drift) => (drift ? [shownDrift(drift)] : [])),
  };
}

/** A drift in the words of the graph. */
export function shownDrift({ entity, columns, missing, added, attributes }: Drift): ColumnDrift {
  const named = columns !== 'HIDDEN';
  return { entity, missingColumns: named ? [...missing] : null, newColumns: named ? [...added] : null, attributes: [...attributes] };
}

/** The resolvers of the types here. */
export function sourceReportResolvers(): ResolverClass[] {
  return [fieldsOf<SourceReport>(SourceReportType, [driftField((report) => report.drift ?? [])])];
}
