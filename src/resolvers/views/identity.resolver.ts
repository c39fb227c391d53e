import type { GraphQLResolveInfo } from 'graphql';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { definitionOf } from '../../entities/definition.js';
import { Tenant } from '../../entities/index.js';
import { AliasDecision, IdentityCandidate, OpenCompany } from '../../entities/views/identityView.js';
import type { Decision } from '../../identity/decisions.js';
import type { OpenCompany as OpenCompanyValue } from '../../identity/identity.js';
import { cursorOfCompany } from '../../identity/namedCompanies.js';
import { PageInfo, pageSize } from '../../schema/connection.js';
import type { HubContext } from '../../schema/context.js';
import { type ArgumentDeclaration, fieldsOf, mutationFields, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { rowBy } from '../../schema/links.js';
import { UsccScalar } from '../../schema/scalars.js';
import { SourceReportType } from '../../schema/sourceReport.js';
import { after, countOf, first, numberOf, pageByNumber, pageOf, textOf } from './pages.js';

/** A page of companies that nobody has identified. */
@ObjectType({ description: 'Companies that nobody has identified: those with most rows first. 待认定企业列表' })
class OpenCompanyConnection {
  @Field(() => [OpenCompany], { description: 'The companies. 企业' })
  nodes!: OpenCompany[];

  @Field(() => PageInfo, { description: 'Where the page stands. 分页信息' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many there are. 总数' })
  totalCount!: number;

  @Field(() => [SourceReportType], { description: 'What became of each source that was asked. 来源报告' })
  sources!: SourceReportType[];
}

/** A page of decisions. */
@ObjectType({ description: 'Decisions, the last first. 认定记录列表' })
class AliasDecisionConnection {
  @Field(() => [AliasDecision], { description: 'The decisions. 认定' })
  nodes!: AliasDecision[];

  @Field(() => PageInfo, { description: 'Where the page stands. 分页信息' })
  pageInfo!: PageInfo;
}

const sourceId: ArgumentDeclaration = { type: () => String, nullable: true, description: 'Only of this source. 来源标识' };
const by: ArgumentDeclaration = {
  type: () => String,
  nullable: true,
  description: 'The name of the officer who decides. Whoever asks with a token decides in the name of the token, whatever stands here. 认定人',
};
const company: ArgumentDeclaration = { type: () => ID, description: 'The id of the company, as openCompanies lists it. 企业标识' };
const uscc: ArgumentDeclaration = { type: () => UsccScalar, description: 'USCC of the tenant. 统一社会信用代码' };

/** `openCompanies`, `aliasDecisions`, and the mutations by which officers say who a company is. */
export function identityFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'openCompanies',
        description: 'Companies that a source names without a USCC, and that nobody has identified, with the tenants that they may be. 待认定企业',
        type: () => OpenCompanyConnection,
        arguments: { sourceId, first, after },
        // Who is named by each source, and the whole register to propose tenants.
        reads: { entities: () => [''], asks: 5, page: pageSize },
        resolve: async (_root, given, context): Promise<OpenCompanyConnection> => {
          const asked = { source: textOf(given.sourceId), after: textOf(given.after), first: countOf(given.first) };
          const { companies, more, total, reports } = await context.inTime(context.identity.open(asked));
          const pageInfo = pageOf(companies.map(cursorOfCompany), more, asked.after);
          return { nodes: companies.map(companyView), pageInfo, totalCount: total, sources: [...reports] };
        },
      },
      {
        name: 'aliasDecisions',
        description: 'What officers have said of who a company is: all that was ever said, the last first. 企业身份认定记录',
        type: () => AliasDecisionConnection,
        arguments: {
          sourceId,
          inForce: { type: () => Boolean, nullable: true, description: 'Only those in force (true), or withdrawn (false). 是否有效' },
          first,
          after,
        },
        reads: { page: pageSize },
        resolve: async (_root, given, context): Promise<AliasDecisionConnection> => {
          const count = countOf(given.first);
          const before = textOf(given.after);
          const found = await context.identity.decisions({
            source: textOf(given.sourceId),
            inForce: (given.inForce ?? undefined) as boolean | undefined,
            before: before === undefined ? undefined : numberOf(before, 'after', 'a decision'),
            limit: count + 1,
          });
          const { nodes, pageInfo } = pageByNumber(found, count, before);
          return { nodes: nodes.map(decisionView), pageInfo };
        },
      },
    ]),
    mutationFields([
      {
        name: 'acceptAlias',
        description: 'Says that a company is a tenant: from now on its rows are joined to it. 认定为该企业',
        type: () => AliasDecision,
        arguments: { company, uscc, by },
        resolve: async (_root, given, context) => decisionView(await decide(context, 'ACCEPTED', given)),
      },
      {
        name: 'rejectAlias',
        description: 'Says that a company is not a tenant: it is not proposed again. 认定为非该企业',
        type: () => AliasDecision,
        arguments: { company, uscc, by },
        resolve: async (_root, given, context) => decisionView(await decide(context, 'REJECTED', given)),
      },
      {
        name: 'withdrawAlias',
        description: 'Takes a decision back: what was joined is joined no more, what was rejected may be proposed. It stays on record. 撤销认定',
        type: () => AliasDecision,
        arguments: { decision: { type: () => ID, description: 'The number of the decision. 认定编号' }, by },
        resolve: async (_root, given, context) =>
          decisionView(await context.identity.withdraw(numberOf(given.decision as string, 'decision', 'a decision'), textOf(given.by) ?? context.viewer.name)),
      },
    ]),
    fieldsOf<IdentityCandidate>(IdentityCandidate, [tenantField(({ uscc: code }) => code)]),
    fieldsOf<AliasDecision>(AliasDecision, [tenantField(({ tenantUscc }) => tenantUscc)]),
  ];
}

function tenantField<Parent>(usccOf: (parent: Parent) => string) {
  return {
    name: 'tenant',
    description: 'The tenant. 企业',
    type: () => Tenant,
    nullable: true,
    reads: { entities: () => [Tenant.name] },
    resolve: (parent: Parent, _given: unknown, context: HubContext, info: GraphQLResolveInfo) =>
      rowBy(context, info, definitionOf(Tenant), 'key', usccOf(parent)),
  };
}

function decide(context: HubContext, verdict: Decision['verdict'], given: Readonly<Record<string, unknown>>): Promise<Decision> {
  return context.identity.decide(verdict, given.company as string, given.uscc as string, textOf(given.by) ?? context.viewer.name);
}

function companyView({ source, candidates, rejected, ...company }: OpenCompanyValue): OpenCompany {
  return {
    ...company,
    sourceId: source,
    candidates: candidates.map((candidate) => ({ ...candidate, grounds: [...candidate.grounds] })),
    rejected: [...rejected],
  };
}

function decisionView({ id, source, uscc: tenantUscc, withdrawn, grounds, ...decision }: Decision): AliasDecision {
  return {
    ...decision,
    id: String(id),
    sourceId: source,
    tenantUscc,
    grounds: [...grounds],
    inForce: withdrawn === null,
    withdrawnBy: withdrawn?.by ?? null,
    withdrawnAt: withdrawn?.at ?? null,
  };
}
