import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Financing } from '../tenancy/financing.js';
import { Tenant } from '../tenancy/tenant.js';
import { InvestmentRound, InvestmentStatus } from './enums.js';
import { Fund } from './fund.js';
import { Investor } from './investor.js';

/** An investment of a fund in a tenant: the holding and what it cost. */
@Book({
  room: 'capital',
  plural: 'investments',
  key: 'number',
  scope: 'FINANCING',
  implements: [Financing],
  description: 'An investment of a fund in a tenant. 投资项目',
})
export class Investment extends Sourced {
  @Attribute('text', { description: "The investor's number of the investment. 项目编号", filter: true, order: true, length: 60 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'Code of the fund. 基金编号', filter: true, group: true, length: 40 })
  fundCode!: string;

  @Attribute('enum', { enum: InvestmentRound, description: 'Round. 轮次', filter: true, group: true })
  round!: InvestmentRound;

  @Attribute('money', { description: 'Amount invested (cost). 投资金额', filter: true, order: true, total: true })
  amount!: bigint;

  @Attribute('date', { description: 'Invested on. 投资日期', filter: true, order: true, group: true })
  date!: string;

  @Attribute('decimal', {
    description: 'Stake held, as a ratio. 持股比例',
    filter: true,
    order: true,
    // Of what was exited nothing is held; a write-off is an entry in the investor's accounts and leaves it a shareholder.
    states: {
      fact: 'STAKE',
      subject: 'source',
      several: 'sum',
      reads: ['status'],
      as: (stake, { status }) => (status === 'EXITED' ? 0n : stake),
    },
  })
  stake!: bigint;

  @Attribute('enum', { enum: InvestmentStatus, description: 'State of the holding. 持有状态', filter: true, group: true })
  status!: InvestmentStatus;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    to: 'uscc',
    description: 'The company. 被投企业',
    inverse: { name: 'investments', description: 'Investments in it. 股权投资' },
  })
  tenant?: Tenant;

  @Link(() => Fund, {
    from: 'fundCode',
    withinSource: true,
    description: 'The fund that invested. 投资基金',
    inverse: { name: 'investments', description: 'Its investments. 投资项目' },
  })
  fund?: Fund;

  @Link(() => Investor, {
    from: 'source',
    required: true,
    description: 'The investor. 投资机构',
    inverse: { name: 'investments', description: 'Its investments. 投资项目' },
  })
  investor?: Investor;
}
