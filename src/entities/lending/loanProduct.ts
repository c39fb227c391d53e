import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Bank } from './bank.js';
import { LoanKind } from './enums.js';

/** A loan product that a bank offers to the park's tenants. */
@Book({ room: 'lending', plural: 'loanProducts', key: 'code', public: 'all', description: "A loan product that a bank offers to the park's tenants. 贷款产品" })
export class LoanProduct extends Sourced {
  @Attribute('text', { description: "The bank's code of the product. 产品编号", filter: true, order: true, length: 40 })
  code!: string;

  @Attribute('text', { description: 'Name. 产品名称', filter: true, order: true })
  name!: string;

  @Attribute('enum', { enum: LoanKind, description: 'Kind. 种类', filter: true, group: true })
  kind!: LoanKind;

  @Attribute('money', { description: 'Most that is lent to one company. 最高额度', nullable: true, filter: true, order: true })
  maximumAmount!: bigint | null;

  @Attribute('integer', { description: 'Longest term in months. 最长期限（月）', nullable: true, filter: true, order: true })
  maximumMonths!: number | null;

  @Link(() => Bank, {
    from: 'source',
    required: true,
    description: 'The bank. 银行',
    inverse: { name: 'loanProducts', description: 'Its loan products. 贷款产品' },
  })
  bank?: Bank;
}
