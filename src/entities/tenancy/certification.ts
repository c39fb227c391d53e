import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { CertificationKind } from './enums.js';
import { Tenant } from './tenant.js';

/** A certification of a tenant by the authorities, with its term. */
@Book({ room: 'tenancy', plural: 'certifications', key: 'number', public: 'all', description: 'A certification of a tenant, with its term. 企业资质' })
export class Certification extends Sourced {
  @Attribute('text', { description: 'Certificate or entry number. 证书编号（入库编号）', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('enum', { enum: CertificationKind, description: 'Kind. 类型', filter: true, group: true })
  kind!: CertificationKind;

  @Attribute('date', { description: 'Issued (or published) on. 发证（公告）日期', filter: true, order: true, group: true })
  issuedOn!: string;

  @Attribute('date', { description: 'Valid to. 有效期至', filter: true, order: true, group: true })
  validTo!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'Its holder. 持证企业',
    inverse: { name: 'certifications', description: 'Its certifications. 资质', groups: true },
  })
  tenant?: Tenant;
}
