import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { FundState } from './enums.js';
import { Investor } from './investor.js';

/** A fund that an investor manages. */
@Book({ room: 'capital', plural: 'funds', key: 'code', description: 'A fund that an investor manages. 基金' })
export class Fund extends Sourced {
  @Attribute('text', { description: "The investor's code of the fund. 基金编号", filter: true, order: true, length: 40 })
  code!: string;

  @Attribute('text', { description: 'Name. 基金名称', filter: true, order: true })
  name!: string;

  @Attribute('text', { description: 'AMAC filing code, where known. 备案编码', nullable: true, filter: true, length: 6 })
  filingCode!: string | null;

  @Attribute('integer', { description: 'Year of the first drawdown. 成立年份', filter: true, order: true, group: true })
  vintageYear!: number;

  @Attribute('money', { description: 'Capital committed to the fund. 认缴规模', filter: true, order: true, total: true })
  commitment!: bigint;

  @Attribute('enum', { enum: FundState, description: 'Operating state. 运作状态', filter: true, group: true })
  state!: FundState;

  @Link(() => Investor, {
    from: 'source',
    required: true,
    description: 'Who manages it. 管理人',
    inverse: { name: 'funds', description: 'Funds it manages. 管理的基金' },
  })
  investor?: Investor;
}
