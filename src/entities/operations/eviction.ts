import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from '../tenancy/tenant.js';
import { EvictionReason } from './enums.js';

/** The end of a tenancy by bottom elimination. */
@Book({
  room: 'operations',
  plural: 'evictions',
  key: 'tenantUscc',
  scope: 'OPERATING',
  description: 'The end of a tenancy by bottom elimination. 末位淘汰清退',
})
export class Eviction extends Sourced {
  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('enum', { enum: EvictionReason, description: 'Reason. 原因', filter: true, group: true })
  reason!: EvictionReason;

  @Attribute('date', { description: 'Evicted on. 清退日期', filter: true, order: true, group: true })
  date!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 企业',
    inverse: { name: 'eviction', one: true, description: 'Its eviction. 清退记录' },
  })
  tenant?: Tenant;
}
