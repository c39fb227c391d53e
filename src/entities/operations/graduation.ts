import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from '../tenancy/tenant.js';
import { GraduationGround } from './enums.js';

/** The graduation of a tenant. */
@Book({ room: 'operations', plural: 'graduations', key: 'tenantUscc', public: 'all', description: 'The graduation of a tenant. 企业毕业' })
export class Graduation extends Sourced {
  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('enum', { enum: GraduationGround, description: 'Ground. 毕业条件', filter: true, group: true })
  ground!: GraduationGround;

  @Attribute('date', { description: 'Graduated on. 毕业日期', filter: true, order: true, group: true })
  date!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 企业',
    inverse: { name: 'graduation', one: true, description: 'Its graduation. 毕业记录' },
  })
  tenant?: Tenant;
}
