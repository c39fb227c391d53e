import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Patent } from '../tenancy/patent.js';
import { Tenant } from '../tenancy/tenant.js';
import { Bank } from './bank.js';
import { Loan } from './loan.js';

/** A patent that was pledged to a bank. */
@Book({ room: 'lending', plural: 'patentPledges', key: 'number', scope: 'CREDIT', description: 'A patent that was pledged to a bank. 专利权质押' })
export class PatentPledge extends Sourced {
  @Attribute('text', { description: 'Number of the pledge. 质押编号', filter: true, order: true, length: 60 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant that pledged it. 出质人统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'Application number of the patent. 专利申请号', filter: true, order: true, length: 14 })
  patentNumber!: string;

  @Attribute('text', { description: "The bank's number of the loan that it secures, where it names one. 借据号", nullable: true, filter: true, length: 60 })
  loanNumber!: string | null;

  @Attribute('date', {
    description: 'Registered with CNIPA on: the day on which the pledge arises (Civil Code, art. 444). 质押登记日期',
    filter: true,
    order: true,
    group: true,
  })
  registeredOn!: string;

  @Attribute('date', {
    description: 'Released on; empty while it runs. 质押注销日期',
    nullable: true,
    filter: true,
    order: true,
    group: true,
    states: {
      fact: 'PATENT_PLEDGE',
      subject: 'patentNumber',
      dates: ['registeredOn', 'releasedOn'],
      several: 'any',
      as: (releasedOn) => releasedOn === null,
    },
  })
  releasedOn!: string | null;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    to: 'uscc',
    description: 'Who pledged it. 出质人',
    inverse: { name: 'patentPledges', description: 'Patents that it pledged to banks. 专利权质押' },
  })
  tenant?: Tenant;

  @Link(() => Patent, {
    from: 'patentNumber',
    description: 'The patent. 专利',
    inverse: { name: 'pledges', description: 'Its pledges to banks. 质押' },
  })
  patent?: Patent;

  @Link(() => Loan, {
    from: 'loanNumber',
    withinSource: true,
    description: 'The loan that it secures. 所担保的贷款',
    inverse: { name: 'patentPledges', description: 'Patents that secure it. 专利权质押' },
  })
  loan?: Loan;

  @Link(() => Bank, {
    from: 'source',
    required: true,
    description: 'To whom it is pledged. 质权人',
    inverse: { name: 'patentPledges', description: 'Patents that are pledged to it. 专利权质押' },
  })
  bank?: Bank;
}
