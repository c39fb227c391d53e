import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../schema/connection.js';
import { DateScalar, DecimalScalar, MoneyScalar, UsccScalar } from '../../schema/scalars.js';
import { SourceReportType } from '../../schema/sourceReport.js';
import { Fact, factKinds } from '../facts.js';
import { Provenance } from '../sourced.js';

/** A value of a fact, in the field of its own kind. */
@ObjectType({ description: 'A value of a fact: one of money, decimal, integer and boolean is there, by the kind of the fact; text always is. 事实取值' })
export class FactValue {
  @Field(() => String, { description: 'The value as a text, as its own field writes it. 文本' })
  text!: string;

  @Field(() => MoneyScalar, { nullable: true, description: 'Of revenue and registered capital. 金额' })
  money!: bigint | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Of a stake. 比例' })
  decimal!: bigint | null;

  @Field(() => Int, { nullable: true, description: 'Of staff. 人数' })
  integer!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Of a pledge: pledged or not. 是否质押' })
  boolean!: boolean | null;
}

/** What one source states of a fact. */
@ObjectType({ description: 'What one source states of a fact. 数据源陈述' })
export class FactStatement {
  @Field(() => FactValue, { description: 'The value. 取值' })
  value!: FactValue;

  @Field(() => DateScalar, { nullable: true, description: 'The day of the statement, where the row has one. 陈述日期' })
  date!: string | null;

  @Field(() => String, { description: 'The entity whose rows state it. 实体' })
  entity!: string;

  @Field(() => [ID], { description: 'The global ids of these rows, for `node`; a sum has several. 记录标识' })
  rowIds!: string[];

  @Field(() => Provenance, { description: 'The source, as of when it states it, and how it came. 数据来源' })
  provenance!: Provenance;
}

/** A fact of a tenant that sources state differently. */
@ObjectType({ description: 'A fact of a tenant that two sources or more state, and not all alike. 数据差异' })
export class Discrepancy {
  @Field(() => UsccScalar, { description: 'USCC of the tenant. 企业统一社会信用代码' })
  tenantUscc!: string;

  @Field(() => Fact.object, { description: 'The fact. 事实' })
  fact!: Fact;

  @Field(() => String, {
    nullable: true,
    description: 'The year, the code of the investor, or the application number of the patent; none for registered capital. 对象',
  })
  subject!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The difference as a part of the value farthest from zero: "1" where one says zero; null where they are yes and no. 相对差异',
  })
  relativeDifference!: bigint | null;
}

/** What sources state differently of one tenant. */
@ObjectType({ description: 'What sources state differently of one tenant, in the order of fact and subject. 数据差异列表' })
export class DiscrepancyList {
  @Field(() => [Discrepancy], { description: 'The discrepancies. 差异' })
  nodes!: Discrepancy[];

  @Field(() => [SourceReportType], {
    description: 'What became of each source that may state the facts: what an unavailable one states is missing. 来源报告',
  })
  sources!: SourceReportType[];
}

/** One page of what sources state differently of any tenant. */
@ObjectType({ description: 'A page of what sources state differently of any company, in the order of its USCC, fact and subject. 数据差异分页列表' })
export class DiscrepancyPage extends DiscrepancyList {
  @Field(() => PageInfo, { description: 'Where the page stands. 分页信息' })
  pageInfo!: PageInfo;
}

/** A value in the field of its fact's kind. */
export function factValue(fact: Fact, value: bigint | number | boolean): FactValue {
  const none: Omit<FactValue, 'text'> = { money: null, decimal: null, integer: null, boolean: null };
  switch (factKinds[fact]) {
    case 'money':
      return { ...none, text: MoneyScalar.serialize(value) as string, money: value as bigint };
    case 'decimal':
      return { ...none, text: DecimalScalar.serialize(value) as string, decimal: value as bigint };
    case 'boolean':
      return { ...none, text: String(value), boolean: value as boolean };
    default:
      // The difference of two whole numbers of 32 bits may need 33.
      return { ...none, text: String(value), integer: Math.abs(value as number) < 2 ** 31 ? (value as number) : null };
  }
}
