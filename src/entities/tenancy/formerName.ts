import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from './tenant.js';

/** A name that a tenant bore before. */
@Book({ room: 'tenancy', plural: 'formerNames', scope: 'IDENTITY', description: 'A name that a tenant bore before. 曾用名' })
export class FormerName extends Sourced {
  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'The name as it was registered. 曾用企业名称', filter: true, order: true })
  name!: string;

  @Attribute('date', { description: 'Changed to the next name on. 变更日期', nullable: true, filter: true, order: true })
  changedOn!: string | null;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'Who bore it. 企业',
    inverse: { name: 'formerNames', description: 'Names that it bore before. 曾用名' },
  })
  tenant?: Tenant;
}
