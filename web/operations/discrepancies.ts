import { graphql } from '../src/generated/gql.js';

/** A page of what sources state differently of companies, with what each states, and what became of each source that was asked. */
export const discrepancies = graphql(/* GraphQL */ `
  query Discrepancies($facts: [Fact!], $least: Decimal, $first: Int!, $after: String) {
    discrepancies(facts: $facts, minimumRelativeDifference: $least, first: $first, after: $after) {
      nodes {
        tenantUscc
        tenant {
          name
        }
        fact
        subject
        statements {
          value {
            text
          }
          date
          entity
          rowIds
          provenance {
            sourceId
            asOf
          }
        }
        difference {
          text
        }
        relativeDifference
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      sources {
        sourceId
        state
      }
    }
  }
`);
