import { definitionOf } from '../../entities/definition.js';
import { Fund, Investment, Investor, Park, ParkFunding, PortfolioReport, Valuation } from '../../entities/index.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import { fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { latestOf } from '../../schema/links.js';
import type { Row } from '../../sources/book.js';

/** `investors`. */
export function investorFields(): ResolverClass[] {
  return [rootFields([connectionField(listedEntity(definitionOf(Investor)), 'investors', 'The venture-capital partners of the park. 投资机构')])];
}

/** `funds`. */
export function fundFields(): ResolverClass[] {
  return [rootFields([connectionField(listedEntity(definitionOf(Fund)), 'funds', 'The funds of all investors. 基金')])];
}

/** `investments`, `portfolioReports`, an investment's latest valuation, and the park's own money. */
export function investmentFields(): ResolverClass[] {
  return [
    rootFields([
      connectionField(listedEntity(definitionOf(Investment)), 'investments', 'The investments of all investors. 投资项目'),
      connectionField(listedEntity(definitionOf(PortfolioReport)), 'portfolioReports', 'The follow-up reports of all investors. 投后报告'),
    ]),
    fieldsOf<Row>(Investment, [
      {
        name: 'latestValuation',
        description: 'Its last valuation. 最近估值',
        type: () => Valuation,
        nullable: true,
        needs: [],
        reads: { entities: () => [Valuation.name] },
        resolve: (row, _given, context, info) =>
          latestOf(context, info, definitionOf(Valuation), 'investmentNumber', 'date', { value: row.key, source: row.source }),
      },
    ]),
    fieldsOf<Row>(Park, [connectionField(listedEntity(definitionOf(ParkFunding)), 'parkFundings', "The park's own money in tenants. 园区自有资金投入")]),
  ];
}
