import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from '../tenancy/tenant.js';
import { Bank } from './bank.js';

/** What a bank's credit file says of a borrower. */
@Book({
  room: 'lending',
  plural: 'borrowerProfiles',
  key: 'number',
  scope: 'CREDIT',
  description: "What a bank's credit file says of a borrower. 授信客户资料",
})
export class BorrowerProfile extends Sourced {
  @Attribute('text', { description: "The bank's number of the entry in its credit file. 资料编号", filter: true, order: true, length: 60 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the borrower. 借款人统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('date', { description: 'As of when the bank wrote it down. 资料日期', filter: true, order: true, group: true })
  date!: string;

  @Attribute('integer', { description: 'The year that staff and revenue speak of. 报表年度', nullable: true, filter: true, order: true, group: true })
  year!: number | null;

  @Attribute('integer', {
    description: 'Staff at the end of the year. 年末从业人员',
    nullable: true,
    filter: true,
    order: true,
    total: true,
    states: { fact: 'STAFF', subject: 'year', dates: ['date'] },
  })
  staff!: number | null;

  @Attribute('money', {
    description: 'Operating revenue of the year. 营业收入',
    nullable: true,
    filter: true,
    order: true,
    total: true,
    states: { fact: 'REVENUE', subject: 'year', dates: ['date'] },
  })
  revenue!: bigint | null;

  @Attribute('money', {
    description: 'Registered capital. 注册资本',
    nullable: true,
    filter: true,
    order: true,
    total: true,
    states: { fact: 'REGISTERED_CAPITAL', dates: ['date'] },
  })
  registeredCapital!: bigint | null;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    to: 'uscc',
    description: 'The borrower. 借款企业',
    inverse: { name: 'borrowerProfiles', description: "What banks' credit files say of it. 授信客户资料" },
  })
  tenant?: Tenant;

  @Link(() => Bank, {
    from: 'source',
    required: true,
    description: 'The bank. 银行',
    inverse: { name: 'borrowerProfiles', description: 'What its credit files say of borrowers. 授信客户资料' },
  })
  bank?: Bank;
}
