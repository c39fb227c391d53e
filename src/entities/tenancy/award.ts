import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from './tenant.js';

/** A prize that a tenant won. */
@Book({ room: 'tenancy', plural: 'awards', public: 'all', description: 'A prize that a tenant won. 获奖' })
export class Award extends Sourced {
  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'Competition. 赛事名称', filter: true, order: true })
  competition!: string;

  @Attribute('text', { description: 'Prize. 奖项', filter: true, order: true })
  prize!: string;

  @Attribute('integer', { description: 'Year. 年度', filter: true, order: true, group: true })
  year!: number;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'Who won it. 获奖企业',
    inverse: { name: 'awards', description: 'Prizes it won. 获奖' },
  })
  tenant?: Tenant;
}
