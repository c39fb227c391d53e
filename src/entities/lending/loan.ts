import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Financing } from '../tenancy/financing.js';
import { Tenant } from '../tenancy/tenant.js';
import { Bank } from './bank.js';
import { LoanClassification, LoanKind, LoanStatus } from './enums.js';
import { LoanProduct } from './loanProduct.js';

/** A loan of a bank to a tenant. */
@Book({ room: 'lending', plural: 'loans', key: 'number', scope: 'CREDIT', implements: [Financing], description: 'A loan of a bank to a tenant. 贷款' })
export class Loan extends Sourced {
  @Attribute('text', { description: "The bank's number of the loan (IOU). 借据号", filter: true, order: true, length: 60 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the borrower. 借款人统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: "The bank's code of the product. 产品编号", nullable: true, filter: true, group: true, length: 40 })
  productCode!: string | null;

  @Attribute('enum', { enum: LoanKind, description: 'Kind. 种类', filter: true, group: true })
  kind!: LoanKind;

  @Attribute('money', { description: 'Amount lent. 贷款金额', filter: true, order: true, total: true })
  amount!: bigint;

  @Attribute('money', { description: 'Balance outstanding. 贷款余额', filter: true, order: true, total: true })
  balance!: bigint;

  @Attribute('decimal', { description: 'Contract rate a year, as a ratio ("0.0385" is 3.85 %). 年利率', filter: true, order: true })
  rate!: bigint;

  @Attribute('date', { description: 'Drawn on. 放款日', filter: true, order: true, group: true })
  date!: string;

  @Attribute('date', { description: 'Matures on. 到期日', filter: true, order: true, group: true })
  maturesOn!: string;

  @Attribute('enum', { enum: LoanClassification, description: 'Class, as the bank states it. 五级分类', filter: true, group: true })
  classification!: LoanClassification;

  @Attribute('enum', { enum: LoanStatus, description: 'State. 状态', filter: true, group: true })
  status!: LoanStatus;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    to: 'uscc',
    description: 'The borrower. 借款企业',
    inverse: { name: 'loans', description: 'What banks lent it. 银行贷款' },
  })
  tenant?: Tenant;

  @Link(() => LoanProduct, {
    from: 'productCode',
    withinSource: true,
    description: 'The product. 贷款产品',
    inverse: { name: 'loans', description: 'Loans of this product. 贷款' },
  })
  product?: LoanProduct;

  @Link(() => Bank, { from: 'source', required: true, description: 'The lender. 贷款银行', inverse: { name: 'loans', description: 'Its loans. 贷款' } })
  bank?: Bank;
}
