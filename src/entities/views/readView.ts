import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../schema/scalars.js';
import { defineEnum } from '../enums.js';
import { Scope } from '../scope.js';

export const ReadAsk = defineEnum('ReadAsk', 'How data was read. 读取方式', {
  ROWS: 'Row by row. 明细',
  TOTALS: 'As part of a figure over rows. 汇总',
});

/** Rows of one entity of one source that an operation read of a company. */
@ObjectType({ description: 'Rows of one kind of one source that an operation read of a company. 被查询数据' })
export class ReadRows {
  @Field(() => String, { description: 'The id of the source. 来源标识' })
  sourceId!: string;

  @Field(() => String, { description: 'What kind of rows, by its name in this graph. 数据类别' })
  entity!: string;

  @Field(() => ReadAsk.object, { description: 'Row by row, or as part of a figure. 读取方式' })
  ask!: string;

  @Field(() => [Scope.object], { description: 'The scopes of what was read. 授权范围' })
  scopes!: string[];

  @Field(() => Int, { description: 'How many rows of the company. 记录数' })
  rows!: number;
}

/** An operation that read what is not public of a company. */
@ObjectType({ description: 'An operation that read what is not public of a company. 查询留痕' })
export class DataRead {
  @Field(() => ID, { description: 'The number of its record. 记录编号' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When. 查询时间' })
  at!: string;

  @Field(() => String, { description: 'The name of who read. 查询人' })
  by!: string;

  @Field(() => String, {
    description: 'What the reader is: TENANT, INVESTOR, BANK, PARK, SERVICE, or SYSTEM of who runs commands on the machine of the hub. 查询人类别',
  })
  kind!: string;

  @Field(() => String, { nullable: true, description: "The reader's source, its role in the park, or its own USCC. 查询人所属" })
  of!: string | null;

  @Field(() => String, { nullable: true, description: 'A code of where it was asked from: the same for the same address. 来源地代码' })
  origin!: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the operation. 操作名称' })
  operation!: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of its document. 查询文本哈希' })
  document!: string | null;

  @Field(() => Boolean, { description: 'The answer went into a file. 是否导出' })
  exported!: boolean;

  @Field(() => [ReadRows], { description: 'What it read. 被查询数据' })
  reads!: ReadRows[];

  @Field(() => [ID], { description: "The numbers of the company's authorizations under which it read. 授权编号" })
  authorizations!: string[];
}
