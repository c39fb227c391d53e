/**
 * `portfolio`: what a partner investor holds in the park, across the investor's book, the park's register and the banks'
 * books. The rows come by the links of Investment and Tenant; here are the choice of the holdings and their totals.
 */
import { definitionOf } from '../../entities/definition.js';
import { CashFlow, Investment, Investor, Loan, Valuation } from '../../entities/index.js';
import { Portfolio, PortfolioTotals } from '../../entities/views/portfolio.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import type { HubContext } from '../../schema/context.js';
import { HubError } from '../../schema/errors.js';
import { fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { LARGEST_PAGE } from '../../schema/limits.js';
import { rowBy } from '../../schema/links.js';
import { SourceReportType } from '../../schema/sourceReport.js';
import { type Condition, mergeReports, type Row, type SourceReport } from '../../sources/book.js';
import { ratio } from '../../values/decimal.js';

/** A portfolio that is being answered. */
interface PortfolioValue {
  readonly investor: Row;
  readonly summary: () => Promise<{ totals: PortfolioTotals; reports: SourceReport[] }>;
}

/** `portfolio` and its fields. */
export function portfolioFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'portfolio',
        description: 'What a partner investor holds in the park; null where there is no such investor. 投资组合',
        type: () => Portfolio,
        nullable: true,
        arguments: { investor: { type: () => String, description: 'The code of the investor, as in `investors { nodes { code } }`: "huakai". 投资机构代码' } },
        reads: { entities: () => [Investor.name] },
        resolve: async (_root, given, context, info): Promise<PortfolioValue | null> => {
          const investor = await rowBy(context, info, definitionOf(Investor), 'key', given.investor as string);
          if (!investor) return null;
          let pending: ReturnType<PortfolioValue['summary']> | undefined;
          return { investor, summary: () => (pending ??= summarise(context, investor.key)) };
        },
      },
    ]),
    fieldsOf<PortfolioValue>(Portfolio, [
      connectionField<PortfolioValue>(listedEntity(definitionOf(Investment)), 'holdings', 'Its holdings. 持有项目', ({ investor }) => holdingsOf(investor.key)),
      {
        name: 'totals',
        description: 'Totals over all holdings. 组合汇总',
        type: () => PortfolioTotals,
        reads: { entities: () => [Investment.name, Valuation.name, CashFlow.name, Loan.name] },
        resolve: async ({ summary }) => (await summary()).totals,
      },
      {
        name: 'sources',
        description: 'What became of each source that the totals were asked of. 来源报告',
        type: () => [SourceReportType],
        resolve: async ({ summary }) => (await summary()).reports,
      },
    ]),
  ];
}

/** What the totals rest on of a holding: one of which the viewer does not see them is not counted. */
const HOLDING = ['tenantUscc', 'amount'];

function holdingsOf(investor: string): Condition {
  return {
    all: [
      { attribute: 'source', is: 'eq', value: investor },
      { attribute: 'status', is: 'in', value: ['HELD', 'PARTLY_EXITED'] },
    ],
  };
}

async function summarise(context: HubContext, investor: string): Promise<{ totals: PortfolioTotals; reports: SourceReport[] }> {
  const held = await context.books
    .ofEntity(Investment)
    .page({ where: holdingsOf(investor), order: [], limit: LARGEST_PAGE, attributes: new Map([['Investment', HOLDING]]), rests: HOLDING });
  if (held.more)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `portfolio.totals: expected at most ${LARGEST_PAGE} holdings, but there are more. Ask investments(where: …) { totals } in parts.`,
    );
  // A company that nobody has identified is none that a bank could be asked of.
  const companies = [...new Set(held.rows.flatMap((row) => row.tenantUscc ?? []))];
  const keys = held.rows.map((row) => ({ value: row.key, source: row.source }));
  const borrowers: Condition = { attribute: 'tenantUscc', is: 'in', value: companies };

  const [valuations, flows, loans] = await Promise.all([
    context.books.ofEntity(Valuation).byKey('investmentNumber', keys, {
      order: [{ attribute: 'date', descending: true, nullsFirst: false }],
      limit: 1,
      attributes: new Map([['Valuation', ['investmentNumber', 'value']]]),
      rests: ['value'],
    }),
    context.books
      .ofEntity(CashFlow)
      .totalByKey('investmentNumber', keys, { attribute: 'kind', is: 'eq', value: 'DISTRIBUTION' }, [], [{ function: 'sum', attribute: 'amount' }]),
    context.books.ofEntity(Loan).total(
      borrowers,
      [],
      [
        { function: 'sum', attribute: 'amount' },
        { function: 'sum', attribute: 'balance' },
      ],
    ),
  ]);

  const cost = sum(held.rows.map((row) => row.amount as bigint));
  const value = sum([...valuations.values()].flatMap(({ rows }) => rows.map((row) => row.value as bigint)));
  const distributions = sum([...flows.values()].map(({ rows }) => (rows[0]?.figures[0] ?? 0n) as bigint));
  const [lent, loanBalance] = (loans.rows[0]?.figures ?? []) as (bigint | null)[];
  const totals = {
    holdings: held.rows.length,
    companies: companies.length,
    cost,
    value,
    distributions,
    multiple: ratio(distributions + value, cost),
    lent: lent ?? 0n,
    loanBalance: loanBalance ?? 0n,
  };
  const reports = [held, ...valuations.values(), ...flows.values(), loans].flatMap((answer) => [...answer.reports]);
  return { totals, reports: mergeReports(reports) };
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
