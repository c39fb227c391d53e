import { graphql } from '../src/generated/gql.js';

/** What each partner and the park itself gave to tenants between two days, and what became of each source that was asked. */
export const financingBySource = graphql(/* GraphQL */ `
  query FinancingBySource($from: Date!, $to: Date!) {
    financing(where: { date: { gte: $from, lte: $to } }) {
      totals(groupBy: [SOURCE_ID]) {
        group {
          sourceId
        }
        count
        sum {
          amount
        }
      }
      sources {
        sourceId
        state
        asOf
        message
      }
    }
  }
`);
