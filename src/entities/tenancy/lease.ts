import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from './tenant.js';
import { Unit } from './unit.js';

/** A lease of a unit to a tenant. */
@Book({ room: 'tenancy', plural: 'leases', key: 'number', scope: 'OPERATING', description: 'A lease of a unit to a tenant. 租赁合同' })
export class Lease extends Sourced {
  @Attribute('text', { description: 'Number. 合同编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'Number of the unit. 单元编号', filter: true, length: 40 })
  unitNumber!: string;

  @Attribute('decimal', { description: 'Area let in m². 租赁面积（平方米）', filter: true, order: true, total: true })
  area!: bigint;

  @Attribute('money', { description: 'Rent a month. 月租金', filter: true, order: true, total: true })
  monthlyRent!: bigint;

  @Attribute('date', { description: 'First day. 起租日', filter: true, order: true, group: true })
  startedOn!: string;

  @Attribute('date', { description: 'Last day; null while it runs. 终止日', nullable: true, filter: true, order: true, group: true })
  endedOn!: string | null;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 承租企业',
    inverse: { name: 'leases', description: 'Its leases. 租赁合同' },
  })
  tenant?: Tenant;

  @Link(() => Unit, { from: 'unitNumber', required: true, description: 'The unit. 单元', inverse: { name: 'leases', description: 'Its leases. 租赁合同' } })
  unit?: Unit;
}
