import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from './tenant.js';

/** What one shareholder holds of a tenant at present, by the company's registration. */
@Book({
  room: 'tenancy',
  plural: 'shareholdings',
  scope: 'IDENTITY',
  description: "What one shareholder holds of a tenant, by the company's registration. 股权登记",
})
export class Shareholding extends Sourced {
  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'Name of the shareholder. 股东名称', filter: true, order: true })
  holderName!: string;

  @Attribute('text', {
    description: 'Code of the partner investor who is the shareholder or manages it; empty where none does. 投资机构代码',
    nullable: true,
    filter: true,
    order: true,
    group: true,
    length: 63,
  })
  investorCode!: string | null;

  @Attribute('decimal', {
    description: 'Stake, as a ratio. 持股比例',
    filter: true,
    order: true,
    states: { fact: 'STAKE', subject: 'investorCode', dates: ['registeredOn'], several: 'sum' },
  })
  stake!: bigint;

  @Attribute('date', { description: 'Registered on. 登记日期', filter: true, order: true, group: true })
  registeredOn!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 企业',
    inverse: { name: 'shareholdings', description: 'Who holds how much of it. 股权登记' },
  })
  tenant?: Tenant;
}
