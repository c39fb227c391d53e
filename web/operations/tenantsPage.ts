import { graphql } from '../src/generated/gql.js';

/** A page of tenants, by name, with what a list shows of each. */
export const tenantsPage = graphql(/* GraphQL */ `
  query TenantsPage($first: Int!, $after: String, $where: TenantWhere) {
    tenants(first: $first, after: $after, where: $where, orderBy: [{ name: ASC }]) {
      totalCount
      nodes {
        id
        uscc
        name
        stage
        technologyField
        status
        enteredOn
        latestAnnualReport {
          year
          output
          staff
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
