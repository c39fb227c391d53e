import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from '../tenancy/tenant.js';
import { ApplicationState } from './enums.js';

/** An application for admission to the park. */
@Book({ room: 'operations', plural: 'applications', key: 'number', scope: 'OPERATING', description: 'An application for admission to the park. 入园申请' })
export class Application extends Sourced {
  @Attribute('text', { description: 'Number. 申请编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('text', { description: 'Name of the applicant. 申请企业（团队）名称', filter: true, order: true })
  applicantName!: string;

  @Attribute('uscc', { description: 'USCC, once it is a tenant. 统一社会信用代码', nullable: true, filter: true })
  tenantUscc!: string | null;

  @Attribute('enum', { enum: ApplicationState, description: 'Where it stands. 状态', filter: true, group: true })
  state!: ApplicationState;

  @Attribute('date', { description: 'Applied on. 申请日期', filter: true, order: true, group: true })
  appliedOn!: string;

  @Attribute('date', { description: 'Decided on. 决定日期', nullable: true, filter: true, order: true, group: true })
  decidedOn!: string | null;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    description: 'The tenant it became. 入驻企业',
    inverse: { name: 'applications', description: 'Its applications. 入园申请' },
  })
  tenant?: Tenant;
}
