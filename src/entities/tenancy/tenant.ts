import { isRegistrationNumber } from '../../rules/registrationNumber.js';
import { Attribute } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { CarrierKind, TechnologyField, TenantStatus } from './enums.js';

/** A company of the park, past or present. Its USCC joins all books. */
@Book({
  room: 'tenancy',
  plural: 'tenants',
  key: 'uscc',
  scope: 'IDENTITY',
  public: ['name', 'industry', 'technologyField', 'stage', 'status', 'enteredOn', 'leftOn'],
  description: 'A company of the park, past or present. 入驻企业',
})
export class Tenant extends Sourced {
  @Attribute('uscc', { description: 'Unified social credit code; joins all books. 统一社会信用代码', filter: true, order: true })
  uscc!: string;

  @Attribute('text', { description: 'Name as registered. 企业名称', filter: true, order: true })
  name!: string;

  @Attribute('text', {
    description: 'Industry, GB/T 4754-2017 section and division ("C35"). 国民经济行业',
    filter: true,
    order: true,
    group: true,
    length: 3,
    index: true,
  })
  industry!: string;

  @Attribute('enum', { enum: TechnologyField, description: 'Field of technology. 技术领域', filter: true, group: true })
  technologyField!: TechnologyField;

  @Attribute('enum', { enum: CarrierKind, description: 'Stage in the incubation chain. 孵化阶段', filter: true, group: true })
  stage!: CarrierKind;

  @Attribute('enum', { enum: TenantStatus, description: 'Where it stands with the park. 状态', filter: true, group: true, index: true })
  status!: TenantStatus;

  @Attribute('money', {
    description: 'Registered capital. 注册资本',
    filter: true,
    order: true,
    total: true,
    states: { fact: 'REGISTERED_CAPITAL', tenant: 'uscc' },
  })
  registeredCapital!: bigint;

  @Attribute('date', { description: 'Founded on. 成立日期', filter: true, order: true, group: true })
  foundedOn!: string;

  @Attribute('date', { description: 'Entered the park on. 入驻日期', filter: true, order: true, group: true })
  enteredOn!: string;

  @Attribute('date', { description: 'Left the park on (graduated or evicted). 离园日期', nullable: true, filter: true, order: true, group: true })
  leftOn!: string | null;

  @Attribute('text', {
    description: 'Business registration number from before the USCC, 15 digits (GS 15-2006). 注册号',
    nullable: true,
    mayLackColumn: true,
    filter: true,
    length: 15,
    check: (value) => (isRegistrationNumber(value) ? undefined : '15 digits of a registration number whose check digit (the last) is right'),
  })
  registrationNumber!: string | null;
}
