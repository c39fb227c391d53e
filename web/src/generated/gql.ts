/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query FinancingBySource($from: Date!, $to: Date!) {\n    financing(where: { date: { gte: $from, lte: $to } }) {\n      totals(groupBy: [SOURCE_ID]) {\n        group {\n          sourceId\n        }\n        count\n        sum {\n          amount\n        }\n      }\n      sources {\n        sourceId\n        state\n        asOf\n        message\n      }\n    }\n  }\n": typeof types.FinancingBySourceDocument,
    "\n  query ParkFigures($years: [Int!]!) {\n    park {\n      name\n      figures(years: $years) {\n        year\n        tenantCount\n        hnteCount\n        techSmeCount\n        jobs\n        output\n        hnteOutputShare\n      }\n    }\n  }\n": typeof types.ParkFiguresDocument,
    "\n  query Portfolio($investor: String!, $first: Int!, $after: String) {\n    portfolio(investor: $investor) {\n      investor {\n        name\n      }\n      totals {\n        holdings\n        cost\n        value\n        multiple\n        lent\n        loanBalance\n      }\n      holdings(first: $first, after: $after, orderBy: [{ amount: DESC }]) {\n        nodes {\n          id\n          round\n          amount\n          stake\n          latestValuation {\n            date\n            value\n          }\n          tenant {\n            uscc\n            name\n            loans {\n              nodes {\n                id\n                balance\n                classification\n                bank {\n                  shortName\n                }\n              }\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      sources {\n        sourceId\n        state\n        message\n      }\n    }\n  }\n": typeof types.PortfolioDocument,
    "\n  query TenantsPage($first: Int!, $after: String, $where: TenantWhere) {\n    tenants(first: $first, after: $after, where: $where, orderBy: [{ name: ASC }]) {\n      totalCount\n      nodes {\n        id\n        uscc\n        name\n        stage\n        technologyField\n        status\n        enteredOn\n        latestAnnualReport {\n          year\n          output\n          staff\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.TenantsPageDocument,
};
const documents: Documents = {
    "\n  query FinancingBySource($from: Date!, $to: Date!) {\n    financing(where: { date: { gte: $from, lte: $to } }) {\n      totals(groupBy: [SOURCE_ID]) {\n        group {\n          sourceId\n        }\n        count\n        sum {\n          amount\n        }\n      }\n      sources {\n        sourceId\n        state\n        asOf\n        message\n      }\n    }\n  }\n": types.FinancingBySourceDocument,
    "\n  query ParkFigures($years: [Int!]!) {\n    park {\n      name\n      figures(years: $years) {\n        year\n        tenantCount\n        hnteCount\n        techSmeCount\n        jobs\n        output\n        hnteOutputShare\n      }\n    }\n  }\n": types.ParkFiguresDocument,
    "\n  query Portfolio($investor: String!, $first: Int!, $after: String) {\n    portfolio(investor: $investor) {\n      investor {\n        name\n      }\n      totals {\n        holdings\n        cost\n        value\n        multiple\n        lent\n        loanBalance\n      }\n      holdings(first: $first, after: $after, orderBy: [{ amount: DESC }]) {\n        nodes {\n          id\n          round\n          amount\n          stake\n          latestValuation {\n            date\n            value\n          }\n          tenant {\n            uscc\n            name\n            loans {\n              nodes {\n                id\n                balance\n                classification\n                bank {\n                  shortName\n                }\n              }\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      sources {\n        sourceId\n        state\n        message\n      }\n    }\n  }\n": types.PortfolioDocument,
    "\n  query TenantsPage($first: Int!, $after: String, $where: TenantWhere) {\n    tenants(first: $first, after: $after, where: $where, orderBy: [{ name: ASC }]) {\n      totalCount\n      nodes {\n        id\n        uscc\n        name\n        stage\n        technologyField\n        status\n        enteredOn\n        latestAnnualReport {\n          year\n          output\n          staff\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.TenantsPageDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FinancingBySource($from: Date!, $to: Date!) {\n    financing(where: { date: { gte: $from, lte: $to } }) {\n      totals(groupBy: [SOURCE_ID]) {\n        group {\n          sourceId\n        }\n        count\n        sum {\n          amount\n        }\n      }\n      sources {\n        sourceId\n        state\n        asOf\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  query FinancingBySource($from: Date!, $to: Date!) {\n    financing(where: { date: { gte: $from, lte: $to } }) {\n      totals(groupBy: [SOURCE_ID]) {\n        group {\n          sourceId\n        }\n        count\n        sum {\n          amount\n        }\n      }\n      sources {\n        sourceId\n        state\n        asOf\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ParkFigures($years: [Int!]!) {\n    park {\n      name\n      figures(years: $years) {\n        year\n        tenantCount\n        hnteCount\n        techSmeCount\n        jobs\n        output\n        hnteOutputShare\n      }\n    }\n  }\n"): (typeof documents)["\n  query ParkFigures($years: [Int!]!) {\n    park {\n      name\n      figures(years: $years) {\n        year\n        tenantCount\n        hnteCount\n        techSmeCount\n        jobs\n        output\n        hnteOutputShare\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Portfolio($investor: String!, $first: Int!, $after: String) {\n    portfolio(investor: $investor) {\n      investor {\n        name\n      }\n      totals {\n        holdings\n        cost\n        value\n        multiple\n        lent\n        loanBalance\n      }\n      holdings(first: $first, after: $after, orderBy: [{ amount: DESC }]) {\n        nodes {\n          id\n          round\n          amount\n          stake\n          latestValuation {\n            date\n            value\n          }\n          tenant {\n            uscc\n            name\n            loans {\n              nodes {\n                id\n                balance\n                classification\n                bank {\n                  shortName\n                }\n              }\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      sources {\n        sourceId\n        state\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  query Portfolio($investor: String!, $first: Int!, $after: String) {\n    portfolio(investor: $investor) {\n      investor {\n        name\n      }\n      totals {\n        holdings\n        cost\n        value\n        multiple\n        lent\n        loanBalance\n      }\n      holdings(first: $first, after: $after, orderBy: [{ amount: DESC }]) {\n        nodes {\n          id\n          round\n          amount\n          stake\n          latestValuation {\n            date\n            value\n          }\n          tenant {\n            uscc\n            name\n            loans {\n              nodes {\n                id\n                balance\n                classification\n                bank {\n                  shortName\n                }\n              }\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n      sources {\n        sourceId\n        state\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TenantsPage($first: Int!, $after: String, $where: TenantWhere) {\n    tenants(first: $first, after: $after, where: $where, orderBy: [{ name: ASC }]) {\n      totalCount\n      nodes {\n        id\n        uscc\n        name\n        stage\n        technologyField\n        status\n        enteredOn\n        latestAnnualReport {\n          year\n          output\n          staff\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query TenantsPage($first: Int!, $after: String, $where: TenantWhere) {\n    tenants(first: $first, after: $after, where: $where, orderBy: [{ name: ASC }]) {\n      totalCount\n      nodes {\n        id\n        uscc\n        name\n        stage\n        technologyField\n        status\n        enteredOn\n        latestAnnualReport {\n          year\n          output\n          staff\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;