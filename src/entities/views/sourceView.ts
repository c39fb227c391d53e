import { Field, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../schema/scalars.js';
import { defineEnum } from '../enums.js';

export const ConnectorKind = defineEnum('ConnectorKind', 'How a source is read. 连接器类型', {
  SQL: "Live, from the partner's database. 数据库直连",
  FILE: 'Mirrored, from files that the partner drops. 文件投递',
  HTTP: "Live, from the partner's API. 接口",
  STORE: "The hub's own store. 枢纽自有库",
});

/** A row that was set aside. */
@ObjectType({ description: 'A row that breaks its mapping: kept aside with its reason, in no answer. 隔离行' })
export class SetAsideRow {
  @Field(() => String, { description: 'Where it stands at the partner. 位置' })
  place!: string;

  @Field(() => String, { description: 'What was expected and what came. 原因' })
  reason!: string;
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

  @Field(() => [SetAsideRow], { description: 'Rows set aside. 隔离行' })
  setAside!: SetAsideRow[];
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
