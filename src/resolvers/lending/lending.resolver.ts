import { definitionOf } from '../../entities/definition.js';
import { Bank, BorrowerProfile, Loan, LoanProduct, PatentPledge } from '../../entities/index.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import { type ResolverClass, rootFields } from '../../schema/fieldResolver.js';

/** `banks`. */
export function bankFields(): ResolverClass[] {
  return [rootFields([connectionField(listedEntity(definitionOf(Bank)), 'banks', 'The partner banks of the park. 合作银行')])];
}

/** `loans`, `loanProducts`, `borrowerProfiles` and `patentPledges`. */
export function loanFields(): ResolverClass[] {
  return [
    rootFields([
      connectionField(listedEntity(definitionOf(Loan)), 'loans', 'The loans of all banks. 贷款'),
      connectionField(listedEntity(definitionOf(LoanProduct)), 'loanProducts', 'The loan products of all banks. 贷款产品'),
      connectionField(listedEntity(definitionOf(BorrowerProfile)), 'borrowerProfiles', "What all banks' credit files say of borrowers. 授信客户资料"),
      connectionField(listedEntity(definitionOf(PatentPledge)), 'patentPledges', 'The patents that are pledged to banks. 专利权质押'),
    ]),
  ];
}
