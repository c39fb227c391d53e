import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { CashFlowKind } from './enums.js';
import { Investment } from './investment.js';

/** Money between an investor and the company it holds. */
@Book({ room: 'capital', plural: 'cashFlows', key: 'number', description: 'Money between an investor and a company it holds. 投资现金流' })
export class CashFlow extends Sourced {
  @Attribute('text', { description: "The investor's number of the cash flow. 流水编号", filter: true, order: true, length: 60 })
  number!: string;

  @Attribute('text', { description: 'Number of the investment. 项目编号', filter: true, length: 60 })
  investmentNumber!: string;

  @Attribute('enum', { enum: CashFlowKind, description: 'Direction. 类型', filter: true, group: true })
  kind!: CashFlowKind;

  @Attribute('date', { description: 'Value date. 日期', filter: true, order: true, group: true })
  date!: string;

  @Attribute('money', { description: 'Amount, not signed. 金额', filter: true, order: true, total: true })
  amount!: bigint;

  @Link(() => Investment, {
    from: 'investmentNumber',
    withinSource: true,
    description: 'The investment. 投资项目',
    inverse: { name: 'cashFlows', description: 'Its cash flows. 现金流' },
  })
  investment?: Investment;
}
