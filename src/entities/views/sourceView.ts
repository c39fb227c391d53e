import { Field, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../schema/scalars.js';
import { defineEnum } from '../enums.js';

export const ConnectorKind = defineEnum('ConnectorKind', 'How a source is read. 连接器类型', {
  SQL: "From the partner's database. 数据库",
  FILE: 'From files that the partner drops. 文件投递',
  HTTP: "From the partner's API. 接口",
  STORE: "The hub's own store. 枢纽自有库",
});

/** One cell of a raw row. */
@ObjectType({ description: 'One cell of a row, as the partner gave it. 原始单元格' })
export class RawCell {
  @Field(() => String, { description: 'The column. 列' })
  column!: string;

  @Field(() => String, { nullable: true, description: 'What it holds. 值' })
  value!: string | null;
}

/** A row that was set aside. */
@ObjectType({ description: 'A row that breaks its mapping: kept aside with its reason, in no answer. 隔离行' })
export class SetAsideRow {
  @Field(() => String, { description: 'Where it stands at the partner. 位置' })
  place!: string;

  @Field(() => String, { nullable: true, description: 'The file, where it stands in one. 文件' })
  file!: string | null;

  @Field(() => String, { nullable: true, description: 'The sheet of the file. 工作表' })
  sheet!: string | null;

  @Field(() => Int, { nullable: true, description: 'The line of the file, or the row of the sheet, from 1. 行号' })
  line!: number | null;

  @Field(() => String, { nullable: true, description: 'What was expected and what came; null for who does not see every row of the book. 原因' })
  reason!: string | null;

  @Field(() => [RawCell], { nullable: true, description: 'The row as the partner gave it; null likewise. 原始数据' })
  cells!: RawCell[] | null;
}

/** One copying of a mirrored source. */
@ObjectType({ description: 'One copying of a mirrored source: what came of it, by whom, how long it took. 同步记录' })
export class SyncRun {
  @Field(() => DateTimeScalar, { description: 'When it began. 开始时间' })
  startedAt!: string;

  @Field(() => Int, { description: 'How long it took, in milliseconds. 耗时（毫秒）' })
  milliseconds!: number;

  @Field(() => String, { description: 'Who had it run: a login name, schedule, watch, or hub where it looked by itself. 执行者' })
  by!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'As of when the source stated what was read. 数据截止时间' })
  asOf!: string | null;

  @Field(() => Int, { description: 'Rows read: those accepted and those quarantined. 读取行数' })
  read!: number;

  @Field(() => Int, { description: 'Rows that fit the mapping. 接受行数' })
  accepted!: number;

  @Field(() => Int, { description: 'Rows that are new, differ from before, or are back. 变更行数' })
  changed!: number;

  @Field(() => Int, { description: 'Rows that the source no longer holds: in no answer, but kept. 关闭行数' })
  closed!: number;

  @Field(() => Int, { description: 'Rows that break the mapping. 隔离行数' })
  quarantined!: number;

  @Field(() => String, { nullable: true, description: 'Why it failed; empty where it did not. 失败原因' })
  failure!: string | null;
}

/** What the last full reading of one book of a source found. */
@ObjectType({ description: 'What the last full reading of a book found. 账簿核查结果' })
export class SourceBook {
  @Field(() => String, { description: 'The entity. 实体' })
  entity!: string;

  @Field(() => Int, { description: 'Rows read. 读取行数' })
  read!: number;

  @Field(() => Int, { description: 'Rows accepted. 接受行数' })
  accepted!: number;
}

/** A source of the hub. */
@ObjectType('Source', { description: 'A place where one book or more live. 数据源' })
export class SourceView {
  @Field(() => String, { description: 'Its id. 标识' })
  id!: string;

  @Field(() => String, { description: 'What it is. 名称' })
  title!: string;

  @Field(() => ConnectorKind.object, { description: 'How it is read. 连接器' })
  connector!: string;

  @Field(() => Boolean, { description: 'Its rows are made up. 演示数据' })
  demonstration!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'As of when its rows speak. 数据截止时间' })
  asOf!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it is stale or unavailable. 说明' })
  message!: string | null;

  @Field(() => [SourceBook], { description: 'Its books. 账簿' })
  books!: SourceBook[];
}
