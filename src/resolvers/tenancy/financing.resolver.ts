import { allDefinitions } from '../../entities/definition.js';
import { Tenant } from '../../entities/index.js';
import { Financing } from '../../entities/tenancy/financing.js';
import { Connection, connectionArguments, connectionField, connectionType, type ListedType, listedInterface, pageSize } from '../../schema/connection.js';
import { fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import type { Row } from '../../sources/book.js';

/** Every entity that implements Financing, whichever room it lives in, as one list. */
export function financingList(): ListedType {
  const definitions = allDefinitions().filter((definition) => definition.implements?.includes(Financing));
  return listedInterface('Financing', Financing, definitions, {
    tenantUscc: 'USCC of the tenant. 企业统一社会信用代码',
    amount: 'Amount that came. 金额',
    date: 'When it came. 日期',
  });
}

/** `financing`, and `financing` of a tenant. */
export function financingFields(): ResolverClass[] {
  const listed = financingList();
  const type = connectionType(listed);
  return [
    rootFields([connectionField(listed, 'financing', "Money that came to tenants: investments, loans and the park's own. 融资")]),
    fieldsOf<Row>(Tenant, [
      {
        name: 'financing',
        description: "Money that came to it: investments, loans and the park's own. 融资",
        type: () => type,
        nullable: true,
        needs: [],
        arguments: connectionArguments(listed),
        reads: { entities: () => listed.definitions.map((definition) => definition.name), page: pageSize },
        resolve: (row, given, context, info) =>
          new Connection(listed, context, info, given, { at: { link: { definitions: listed.definitions, attribute: 'tenantUscc' }, key: { value: row.key } } }),
      },
    ]),
  ];
}
