import { Field, ID, ObjectType } from 'type-graphql';
import type { Authorization as AuthorizationValue } from '../../access/authorizations.js';
import { definitionOf } from '../../entities/definition.js';
import { Tenant } from '../../entities/index.js';
import { Scope as ScopeEnum } from '../../entities/scope.js';
import { Authorization, AuthorizationPurpose, AuthorizationState } from '../../entities/views/authorizationView.js';
import type { Purpose, Scope } from '../../rules/authorization.js';
import { PageInfo, pageSize } from '../../schema/connection.js';
import type { HubContext } from '../../schema/context.js';
import { type ArgumentDeclaration, fieldsOf, mutationFields, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { rowBy } from '../../schema/links.js';
import { DateScalar, UsccScalar } from '../../schema/scalars.js';
import { after, countOf, first, numberOf, pageByNumber, textOf } from './pages.js';

/** A page of authorizations. */
@ObjectType({ description: 'Authorizations, the last first. 授权列表' })
class AuthorizationConnection {
  @Field(() => [Authorization], { description: 'The authorizations. 授权' })
  nodes!: Authorization[];

  @Field(() => PageInfo, { description: 'Where the page stands. 分页信息' })
  pageInfo!: PageInfo;
}

const tenantUscc: ArgumentDeclaration = { type: () => UsccScalar, description: 'USCC of the company. 统一社会信用代码' };
const scopes: ArgumentDeclaration = { type: () => [ScopeEnum.object], description: 'What may be read. 授权范围' };
const purpose: ArgumentDeclaration = { type: () => AuthorizationPurpose.object, description: 'What for. 授权用途' };
const validFrom: ArgumentDeclaration = { type: () => DateScalar, description: 'The first day. 生效日' };
const validTo: ArgumentDeclaration = { type: () => DateScalar, description: 'The last day. 截止日' };
const authorization: ArgumentDeclaration = { type: () => ID, description: 'The number of the authorization. 授权编号' };

/** The argument, where an ask has it already. */
const optional = (argument: ArgumentDeclaration, unlessGiven: string): ArgumentDeclaration => ({
  ...argument,
  nullable: true,
  description: argument.description.replace('. ', `; ${unlessGiven}. `),
});
const asAsked = 'that asked for unless told, needed where nobody asked';

/** `authorizations`, and the mutations by which partners ask and companies consent. */
export function authorizationFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'authorizations',
        description: 'The authorizations that concern you, the last first: of a company its own, of a partner those that name it. 授权查询',
        type: () => AuthorizationConnection,
        nullable: true,
        arguments: {
          tenantUscc: { ...tenantUscc, nullable: true },
          grantee: { type: () => String, nullable: true, description: 'Only of this grantee, by the id of its source. 被授权方' },
          state: { type: () => AuthorizationState.object, nullable: true, description: 'Only in this state. 状态' },
          first,
          after,
        },
        reads: { page: pageSize },
        resolve: async (_root, given, context): Promise<AuthorizationConnection> => {
          const count = countOf(given.first);
          const since = textOf(given.after);
          const found = await context.hub.authorizations.list(context.viewer, {
            tenantUscc: textOf(given.tenantUscc),
            grantee: textOf(given.grantee),
            state: textOf(given.state),
            before: since === undefined ? undefined : numberOf(since, 'after', 'an authorization'),
            limit: count + 1,
          });
          const { nodes, pageInfo } = pageByNumber(found, count, since);
          return { nodes: nodes.map((one) => viewOf(one, context)), pageInfo };
        },
      },
    ]),
    mutationFields([
      {
        name: 'requestAuthorization',
        description: 'A partner, or the park, asks a company for its consent. 申请授权',
        type: () => Authorization,
        arguments: { tenantUscc, scopes, purpose, validFrom, validTo },
        resolve: async (_root, given, context) =>
          viewOf(
            await context.hub.authorizations.request(context.viewer, {
              tenantUscc: given.tenantUscc as string,
              scopes: given.scopes as Scope[],
              purpose: given.purpose as Purpose,
              validFrom: given.validFrom as string,
              validTo: given.validTo as string,
            }),
            context,
          ),
      },
      {
        name: 'grantAuthorization',
        description: 'A company consents: to what was asked for, in whole or in part, or unasked. 授权',
        type: () => Authorization,
        arguments: {
          authorization: { ...authorization, nullable: true, description: 'The number of what was asked for; left out where nobody asked. 申请编号' },
          grantee: { type: () => String, nullable: true, description: 'The id of the source whose people may read, where nobody asked. 被授权方' },
          scopes: optional(scopes, asAsked),
          purpose: optional(purpose, asAsked),
          validFrom: optional(validFrom, asAsked),
          validTo: optional(validTo, asAsked),
          documentHash: { type: () => String, description: 'SHA-256 of the signed document, 64 hexadecimal digits. 授权书哈希' },
        },
        resolve: async (_root, given, context) => {
          const number = textOf(given.authorization);
          return viewOf(
            await context.hub.authorizations.grant(context.viewer, {
              authorization: number === undefined ? undefined : numberOf(number, 'authorization', 'an authorization'),
              grantee: textOf(given.grantee),
              scopes: (given.scopes ?? undefined) as Scope[],
              purpose: textOf(given.purpose) as Purpose,
              validFrom: textOf(given.validFrom) as string,
              validTo: textOf(given.validTo) as string,
              documentHash: given.documentHash as string,
            }),
            context,
          );
        },
      },
      {
        name: 'revokeAuthorization',
        description: 'A company takes its consent back, or refuses an ask: from the next read on nothing is read under it. 撤销授权',
        type: () => Authorization,
        arguments: { authorization },
        resolve: async (_root, given, context) =>
          viewOf(
            await context.hub.authorizations.revoke(context.viewer, numberOf(given.authorization as string, 'authorization', 'an authorization')),
            context,
          ),
      },
    ]),
    fieldsOf<Authorization>(Authorization, [
      {
        name: 'tenant',
        description: 'The company. 企业',
        type: () => Tenant,
        nullable: true,
        resolve: (parent, _given, context, info) => rowBy(context, info, definitionOf(Tenant), 'key', parent.tenantUscc),
      },
    ]),
  ];
}

function viewOf(one: AuthorizationValue, context: HubContext): Authorization {
  const { id, tenantUscc: uscc, grantee, terms, documentHash, requested, granted, withdrawn } = one;
  const state = context.hub.authorizations.stateOf(one);
  return { id: String(id), tenantUscc: uscc, grantee, ...terms, scopes: [...terms.scopes], state, documentHash, requested, granted, revoked: withdrawn };
}
