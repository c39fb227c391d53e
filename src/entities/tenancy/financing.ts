import { Field, InterfaceType } from 'type-graphql';
import { DateScalar, MoneyScalar, UsccScalar } from '../../schema/scalars.js';
import { Node, Sourced, type SourcedRow } from '../sourced.js';
import { Tenant } from './tenant.js';

/**
 * Money that came to a tenant, from whomever: an investment, a loan, the park's own money. Each entity that implements
 * it lives in its own room; the book of financing is all of theirs.
 */
@InterfaceType('Financing', {
  description: "Money that came to a tenant: an investment, a loan, or the park's own. 融资",
  implements: [Node, Sourced],
  resolveType: (row: SourcedRow) => row.entity,
})
export abstract class Financing extends Sourced {
  @Field(() => UsccScalar, { nullable: true, description: 'USCC of the tenant. 企业统一社会信用代码' })
  tenantUscc!: string;

  @Field(() => MoneyScalar, { nullable: true, description: 'Amount that came. 金额' })
  amount!: bigint;

  @Field(() => DateScalar, { nullable: true, description: 'When it came. 日期' })
  date!: string;

  @Field(() => Tenant, { nullable: true, description: 'To whom it came. 企业' })
  tenant?: Tenant;
}
