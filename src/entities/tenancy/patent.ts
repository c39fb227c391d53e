import { isPatentNumber } from '../../rules/patentNumber.js';
import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { PatentKind, PatentStatus } from './enums.js';
import { Tenant } from './tenant.js';

/** A patent that a tenant filed. */
@Book({
  room: 'tenancy',
  plural: 'patents',
  key: 'applicationNumber',
  scope: 'INTELLECTUAL_PROPERTY',
  public: ['tenantUscc', 'kind', 'title', 'status', 'filedOn', 'grantedOn'],
  description: 'A patent that a tenant filed. 专利',
})
export class Patent extends Sourced {
  @Attribute('text', {
    description: 'Application number with its check character (ZC 0006-2003). 专利申请号',
    filter: true,
    order: true,
    length: 14,
    check: (value) => (isPatentNumber(value) ? undefined : 'an application number whose check character is right, such as 201710601862.3'),
  })
  applicationNumber!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('enum', { enum: PatentKind, description: 'Kind. 类型', filter: true, group: true })
  kind!: PatentKind;

  @Attribute('text', { description: 'Title. 名称', filter: true, order: true })
  title!: string;

  @Attribute('enum', { enum: PatentStatus, description: 'Legal state. 法律状态', filter: true, group: true })
  status!: PatentStatus;

  @Attribute('date', { description: 'Filed on. 申请日', filter: true, order: true, group: true })
  filedOn!: string;

  @Attribute('date', { description: 'Granted on. 授权公告日', nullable: true, filter: true, order: true, group: true })
  grantedOn!: string | null;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'Who filed it. 申请人',
    inverse: { name: 'patents', description: 'Patents it filed. 申报专利' },
  })
  tenant?: Tenant;
}
