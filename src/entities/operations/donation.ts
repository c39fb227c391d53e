import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from '../tenancy/tenant.js';
import { Shelter } from './shelter.js';

/** Goods that were raised for disaster relief, at their value. */
@Book({ room: 'operations', plural: 'donations', key: 'number', public: 'all', description: 'Goods raised for disaster relief, at their value. 社会物资捐赠' })
export class Donation extends Sourced {
  @Attribute('text', { description: 'Number. 编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('text', { description: 'Donor. 捐赠方', filter: true, order: true })
  donorName!: string;

  @Attribute('uscc', { description: 'USCC, where the donor is a tenant. 统一社会信用代码', nullable: true, filter: true })
  tenantUscc!: string | null;

  @Attribute('text', { description: 'Goods. 物资', filter: true })
  goods!: string;

  @Attribute('money', { description: 'Value. 价值', filter: true, order: true, total: true })
  amount!: bigint;

  @Attribute('date', { description: 'Given on. 捐赠日期', filter: true, order: true, group: true })
  date!: string;

  @Attribute('text', { description: 'Number of the shelter it went to. 安置点编号', filter: true, group: true, length: 40 })
  shelterNumber!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    description: 'The donor, where it is a tenant. 捐赠企业',
    inverse: { name: 'donations', description: 'What it gave. 捐赠' },
  })
  tenant?: Tenant;

  @Link(() => Shelter, {
    from: 'shelterNumber',
    required: true,
    description: 'Where it went. 安置点',
    inverse: { name: 'donations', description: 'What it was given. 收到的物资' },
  })
  shelter?: Shelter;
}
