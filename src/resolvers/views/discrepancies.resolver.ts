/**
 * `discrepancies`, of one tenant and of the whole park: facts that two sources or more state, and not all alike.
 *
 * Over the whole park the books are asked whom they name, and then for what they state of a thousand companies at a time,
 * until the page is full: the number of statements does not depend on the rows, and on the companies only by thousands.
 */
import { Int } from 'type-graphql';
import { allDefinitions, definitionOf } from '../../entities/definition.js';
import { Fact } from '../../entities/facts.js';
import { Tenant } from '../../entities/index.js';
import { Discrepancy, DiscrepancyList, DiscrepancyPage, FactStatement, FactValue, factValue } from '../../entities/views/discrepancy.js';
import type { BookStatement } from '../../rules/discrepancies.js';
import { isUscc } from '../../rules/uscc.js';
import { pageSize } from '../../schema/connection.js';
import type { HubContext } from '../../schema/context.js';
import { HubError } from '../../schema/errors.js';
import { type ArgumentDeclaration, fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { globalId } from '../../schema/ids.js';
import { DEFAULT_PAGE, LARGEST_PAGE } from '../../schema/limits.js';
import { rowBy } from '../../schema/links.js';
import { DecimalScalar } from '../../schema/scalars.js';
import { mergeReports, type Row, type SourceReport } from '../../sources/book.js';
import { compareText } from '../../values/text.js';
import { candidates, discrepanciesOf, type TenantDiscrepancy } from './factStatements.js';

/** Companies whose statements are read at once. */
const COMPANIES_AT_ONCE = 1_000;

const which: Readonly<Record<string, ArgumentDeclaration>> = {
  facts: { type: () => [Fact.object], nullable: true, description: 'Only of these facts; of all unless told. 事实' },
  minimumRelativeDifference: {
    type: () => DecimalScalar,
    nullable: true,
    description: 'Only those whose relative difference is at least this; a yes against a no always counts. 最小相对差异',
  },
};

/** `discrepancies`, and `discrepancies` of a tenant. */
export function discrepancyFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'discrepancies',
        description: 'What sources state differently of any company. 数据差异',
        type: () => DiscrepancyPage,
        // A source whose policy is to fail makes an error of the list, and of nothing beside it.
        nullable: true,
        arguments: {
          ...which,
          first: { type: () => Int, nullable: true, description: `How many; ${DEFAULT_PAGE} unless told, at most ${LARGEST_PAGE}. 前几条` },
          after: { type: () => String, nullable: true, description: 'Only those after this cursor. 此游标之后' },
        },
        // Whom the books name, and what they state of them.
        reads: { entities: statingEntities, asks: 2, page: pageSize },
        resolve: (_root, given, context) => page(context, given),
      },
    ]),
    fieldsOf<Row>(Tenant, [
      {
        name: 'discrepancies',
        description: 'What sources state differently of it. 数据差异',
        type: () => DiscrepancyList,
        nullable: true,
        needs: [],
        arguments: which,
        reads: { entities: statingEntities },
        resolve: async (row, given, context) => {
          const { found, reports } = await discrepanciesOf(context, row.key, factsOf(given));
          return { nodes: found.filter(wanted(given)), sources: reports };
        },
      },
    ]),
    fieldsOf<TenantDiscrepancy>(Discrepancy, [
      {
        name: 'tenant',
        description: 'The company, where it is one of the park. 企业',
        type: () => Tenant,
        nullable: true,
        reads: { entities: () => [Tenant.name] },
        resolve: ({ tenantUscc }, _given, context, info) => rowBy(context, info, definitionOf(Tenant), 'uscc', tenantUscc),
      },
      {
        name: 'statements',
        description: 'What each source states, also those that agree, in the order of sources. 各数据源陈述',
        type: () => [FactStatement],
        resolve: ({ fact, statements }) => statements.map((statement) => shown(fact as Fact, statement)),
      },
      {
        name: 'difference',
        description: 'The greatest value less the least; null where they are yes and no. 差额',
        type: () => FactValue,
        nullable: true,
        resolve: ({ fact, difference }) => (difference === null ? null : factValue(fact as Fact, difference)),
      },
    ]),
  ];
}

/** The entities whose books state facts. */
function statingEntities(): string[] {
  return allDefinitions()
    .filter(({ attributes }) => [...attributes.values()].some(({ states }) => states))
    .map(({ name }) => name);
}

function factsOf({ facts }: Readonly<Record<string, unknown>>): ReadonlySet<Fact> {
  return new Set((facts as readonly Fact[] | null | undefined) ?? Fact.values);
}

function wanted({ minimumRelativeDifference: least }: Readonly<Record<string, unknown>>): (found: TenantDiscrepancy) => boolean {
  return ({ relativeDifference }) => least == null || relativeDifference === null || relativeDifference >= (least as bigint);
}

function shown(fact: Fact, { entity, value, date, rows }: BookStatement<Row>): FactStatement {
  const { source, asOf, how } = rows[0] as Row;
  return { value: factValue(fact, value), date, entity, rowIds: rows.map(globalId), provenance: { sourceId: source, asOf, how } };
}

async function page(context: HubContext, given: Readonly<Record<string, unknown>>) {
  const first = (given.first ?? DEFAULT_PAGE) as number;
  if (first < 0 || first > LARGEST_PAGE) throw new HubError('BAD_USER_INPUT', `first: expected 0 to ${LARGEST_PAGE}, but got: ${first}. Page with after.`);
  const after = given.after == null ? undefined : readPlace(given.after as string);
  const facts = factsOf(given);
  const named = await candidates(context, facts);
  const companies = named.found.filter((uscc) => after === undefined || compareText(uscc, after.tenantUscc) >= 0);
  const nodes: TenantDiscrepancy[] = [];
  const reports: SourceReport[] = [...named.reports];
  for (let start = 0; start < companies.length && nodes.length <= first; start += COMPANIES_AT_ONCE) {
    const answers = await Promise.all(companies.slice(start, start + COMPANIES_AT_ONCE).map((uscc) => discrepanciesOf(context, uscc, facts)));
    for (const answer of answers) {
      nodes.push(...answer.found.filter(wanted(given)).filter((found) => after === undefined || comparePlaces(found, after) > 0));
      reports.push(...answer.reports);
    }
  }
  const shownNodes = nodes.slice(0, first);
  const [start, end] = [shownNodes[0], shownNodes.at(-1)];
  return {
    nodes: shownNodes,
    sources: mergeReports(reports),
    pageInfo: {
      hasNextPage: nodes.length > first,
      hasPreviousPage: after !== undefined,
      startCursor: start ? writePlace(start) : null,
      endCursor: end ? writePlace(end) : null,
    },
  };
}

/** A discrepancy's place in the order of the whole park's. */
type Place = Pick<TenantDiscrepancy, 'tenantUscc' | 'fact' | 'subject'>;

function comparePlaces(a: Place, b: Place): number {
  return compareText(a.tenantUscc, b.tenantUscc) || compareText(a.fact, b.fact) || compareText(a.subject ?? '', b.subject ?? '');
}

function writePlace({ tenantUscc, fact, subject }: Place): string {
  return Buffer.from(JSON.stringify([tenantUscc, fact, subject]), 'utf8').toString('base64url');
}

function readPlace(cursor: string): Place {
  const [tenantUscc, fact, subject] = placeIn(cursor);
  const isPlace =
    typeof tenantUscc === 'string' && isUscc(tenantUscc) && Fact.values.includes(fact as Fact) && (subject === null || typeof subject === 'string');
  if (!isPlace)
    throw new HubError(
      'BAD_USER_INPUT',
      'after: expected a cursor that discrepancies gave, but got another text. Take it from pageInfo of the list that you are paging.',
    );
  return { tenantUscc, fact: fact as Fact, subject };
}

function placeIn(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) && parsed.length === 3 ? parsed : [];
  } catch {
    return [];
  }
}
