import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from '../tenancy/tenant.js';
import { Investor } from './investor.js';

/** What an investor's follow-up of a company says of one year. */
@Book({
  room: 'capital',
  plural: 'portfolioReports',
  key: 'number',
  scope: 'FINANCING',
  description: "What an investor's follow-up of a company says of one year. 投后报告",
})
export class PortfolioReport extends Sourced {
  @Attribute('text', { description: "The investor's number of the report. 报告编号", filter: true, order: true, length: 60 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('integer', { description: 'The year that it speaks of. 报告年度', filter: true, order: true, group: true })
  year!: number;

  @Attribute('date', { description: 'Written on. 报告日期', filter: true, order: true, group: true })
  date!: string;

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

  @Link(() => Tenant, {
    from: 'tenantUscc',
    to: 'uscc',
    description: 'The company. 被投企业',
    inverse: { name: 'portfolioReports', description: "What investors' follow-ups say of it. 投后报告" },
  })
  tenant?: Tenant;

  @Link(() => Investor, {
    from: 'source',
    required: true,
    description: 'The investor. 投资机构',
    inverse: { name: 'portfolioReports', description: 'Its follow-up reports. 投后报告' },
  })
  investor?: Investor;
}
