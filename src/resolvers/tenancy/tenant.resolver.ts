import { definitionOf } from '../../entities/definition.js';
import { AnnualReport, Tenant } from '../../entities/index.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import { fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { latestOf, rowBy } from '../../schema/links.js';
import { UsccScalar } from '../../schema/scalars.js';
import type { Row } from '../../sources/book.js';

/** `tenant`, `tenants`, and a tenant's latest annual report. */
export function tenantFields(): ResolverClass[] {
  const tenants = listedEntity(definitionOf(Tenant));
  return [
    rootFields([
      {
        name: 'tenant',
        description: 'The tenant of a unified social credit code; null where there is none. 按统一社会信用代码查企业',
        type: () => Tenant,
        nullable: true,
        arguments: { uscc: { type: () => UsccScalar, description: 'Its code. 统一社会信用代码' } },
        reads: { entities: () => [Tenant.name] },
        resolve: (_root, given, context, info) => rowBy(context, info, definitionOf(Tenant), 'key', given.uscc as string),
      },
      connectionField(tenants, 'tenants', 'All companies of the park, past and present. 入驻企业'),
    ]),
    fieldsOf<Row>(Tenant, [
      {
        name: 'latestAnnualReport',
        description: 'Its figures of the last year that it reported. 最近年度报表',
        type: () => AnnualReport,
        nullable: true,
        needs: [],
        reads: { entities: () => [AnnualReport.name] },
        resolve: (row, _given, context, info) => latestOf(context, info, definitionOf(AnnualReport), 'tenantUscc', 'year', { value: row.key }),
      },
    ]),
  ];
}
