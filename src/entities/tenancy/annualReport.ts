import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from './tenant.js';

/** What a tenant reported of one year. */
@Book({ room: 'tenancy', plural: 'annualReports', scope: 'OPERATING', description: "A tenant's figures of one year. 企业年度报表" })
export class AnnualReport extends Sourced {
  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('integer', { description: 'Year. 年度', filter: true, order: true, group: true, index: true })
  year!: number;

  @Attribute('money', { description: 'Output value of the year. 年产值', filter: true, order: true, total: true })
  output!: bigint;

  @Attribute('money', {
    description: 'Operating revenue of the year. 营业收入',
    filter: true,
    order: true,
    total: true,
    states: { fact: 'REVENUE', subject: 'year' },
  })
  revenue!: bigint;

  @Attribute('money', { description: 'Research and development spending of the year. 研发费用', filter: true, order: true, total: true })
  researchSpending!: bigint;

  @Attribute('money', { description: 'Taxes paid in the year. 实际上缴税费', filter: true, order: true, total: true })
  taxPaid!: bigint;

  @Attribute('integer', {
    description: 'Staff at the end of the year. 年末从业人员',
    filter: true,
    order: true,
    total: true,
    states: { fact: 'STAFF', subject: 'year' },
  })
  staff!: number;

  @Attribute('integer', { description: 'Science and technology staff. 科技人员', filter: true, order: true, total: true })
  scienceStaff!: number;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 企业',
    inverse: { name: 'annualReports', description: 'Its figures by year. 年度报表' },
  })
  tenant?: Tenant;
}
