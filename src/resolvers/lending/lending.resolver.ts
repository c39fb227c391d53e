import { definitionOf } from '../../entities/definition.js';
import { Bank, Loan, LoanProduct } from '../../entities/index.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import { type ResolverClass, rootFields } from '../../schema/fieldResolver.js';

/** `banks`. */
export function bankFields(): ResolverClass[] {
  return [rootFields([connectionField(listedEntity(definitionOf(Bank)), 'banks', 'The partner banks of the park. 合作银行')])];
}

/** `loans` and `loanProducts`. */
export function loanFields(): ResolverClass[] {
  return [
    rootFields([
      connectionField(listedEntity(definitionOf(Loan)), 'loans', 'The loans of all banks. 贷款'),
      connectionField(listedEntity(definitionOf(LoanProduct)), 'loanProducts', 'The loan products of all banks. 贷款产品'),
    ]),
  ];
}
