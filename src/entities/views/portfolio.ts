import { Field, Int, ObjectType } from 'type-graphql';
import { DecimalScalar, MoneyScalar } from '../../schema/scalars.js';
import { Investor } from '../capital/investor.js';

/** Totals over the holdings of a portfolio. */
@ObjectType({ description: 'Totals over the holdings of a portfolio. 组合汇总' })
export class PortfolioTotals {
  @Field(() => Int, { description: 'Number of holdings. 持有项目数' })
  holdings!: number;

  @Field(() => Int, { description: 'Number of companies. 被投企业数' })
  companies!: number;

  @Field(() => MoneyScalar, { description: 'What the holdings cost. 投资成本' })
  cost!: bigint;

  @Field(() => MoneyScalar, { description: 'Sum of the latest valuations; a holding without one counts nothing. 最近估值合计' })
  value!: bigint;

  @Field(() => MoneyScalar, { description: 'What the holdings paid out so far. 累计分配' })
  distributions!: bigint;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Multiple on invested capital: (distributions + value) / cost; null where nothing was invested. 投资倍数（MOIC）',
  })
  multiple!: bigint | null;

  @Field(() => MoneyScalar, { description: 'What banks lent the companies. 银行贷款合计' })
  lent!: bigint;

  @Field(() => MoneyScalar, { description: 'What the companies still owe banks. 贷款余额合计' })
  loanBalance!: bigint;
}

/** What a partner investor holds in the park. */
@ObjectType({ description: 'What a partner investor holds in the park: investments that are not fully exited or written off. 投资组合' })
export class Portfolio {
  @Field(() => Investor, { description: 'The investor. 投资机构' })
  investor!: Investor;
}
