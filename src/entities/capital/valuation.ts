import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { ValuationMethod } from './enums.js';
import { Investment } from './investment.js';

/** What an investor holds an investment to be worth at a date. */
@Book({ room: 'capital', plural: 'valuations', key: 'number', description: 'What an investor holds an investment to be worth at a date. 估值' })
export class Valuation extends Sourced {
  @Attribute('text', { description: "The investor's number of the valuation. 估值编号", filter: true, order: true, length: 60 })
  number!: string;

  @Attribute('text', { description: 'Number of the investment. 项目编号', filter: true, length: 60 })
  investmentNumber!: string;

  @Attribute('date', { description: 'As of. 估值基准日', filter: true, order: true, group: true })
  date!: string;

  @Attribute('money', { description: 'Fair value of the holding. 公允价值', filter: true, order: true, total: true })
  value!: bigint;

  @Attribute('enum', { enum: ValuationMethod, description: 'Method. 估值方法', filter: true, group: true })
  method!: ValuationMethod;

  @Link(() => Investment, {
    from: 'investmentNumber',
    withinSource: true,
    description: 'The investment. 投资项目',
    inverse: { name: 'valuations', description: 'Its valuations. 估值' },
  })
  investment?: Investment;
}
