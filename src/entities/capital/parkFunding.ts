import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Financing } from '../tenancy/financing.js';
import { Tenant } from '../tenancy/tenant.js';
import { ParkFundingKind } from './enums.js';

/** The park's own money in a tenant. */
@Book({
  room: 'capital',
  plural: 'parkFundings',
  key: 'number',
  scope: 'FINANCING',
  implements: [Financing],
  description: "The park's own money in a tenant. 园区自有资金投入",
})
export class ParkFunding extends Sourced {
  @Attribute('text', { description: 'Number. 编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('enum', { enum: ParkFundingKind, description: 'As equity or as a loan. 方式', filter: true, group: true })
  kind!: ParkFundingKind;

  @Attribute('money', { description: 'Amount. 金额', filter: true, order: true, total: true })
  amount!: bigint;

  @Attribute('date', { description: 'Paid on. 日期', filter: true, order: true, group: true })
  date!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 企业',
    inverse: { name: 'parkFundings', description: "The park's own money in it. 园区自有资金投入" },
  })
  tenant?: Tenant;
}
