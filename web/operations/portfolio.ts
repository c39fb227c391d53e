import { graphql } from '../src/generated/gql.js';

/** A partner investor's holdings with their last valuations, what banks lent the companies, and the totals. */
export const portfolio = graphql(/* GraphQL */ `
  query Portfolio($investor: String!, $first: Int!, $after: String) {
    portfolio(investor: $investor) {
      investor {
        name
      }
      totals {
        holdings
        cost
        value
        multiple
        lent
        loanBalance
      }
      holdings(first: $first, after: $after, orderBy: [{ amount: DESC }]) {
        nodes {
          id
          round
          amount
          stake
          latestValuation {
            date
            value
          }
          tenant {
            uscc
            name
            loans {
              nodes {
                id
                balance
                classification
                bank {
                  shortName
                }
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      sources {
        sourceId
        state
        message
      }
    }
  }
`);
