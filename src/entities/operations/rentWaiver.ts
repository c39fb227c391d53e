import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from '../tenancy/tenant.js';

/** Rent that the park waived. */
@Book({ room: 'operations', plural: 'rentWaivers', key: 'number', scope: 'OPERATING', description: 'Rent that the park waived for a tenant. 租金减免' })
export class RentWaiver extends Sourced {
  @Attribute('text', { description: 'Number. 编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('money', { description: 'Rent waived. 减免金额', filter: true, order: true, total: true })
  amount!: bigint;

  @Attribute('date', { description: 'First day of the period. 减免期起', filter: true, order: true, group: true })
  startedOn!: string;

  @Attribute('date', { description: 'Last day of the period. 减免期止', filter: true, order: true, group: true })
  endedOn!: string;

  @Attribute('text', { description: 'Occasion. 事由', filter: true, group: true })
  occasion!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 企业',
    inverse: { name: 'rentWaivers', description: 'Rent waived for it. 租金减免' },
  })
  tenant?: Tenant;
}
