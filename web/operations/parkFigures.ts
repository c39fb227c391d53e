import { graphql } from '../src/generated/gql.js';

/** The park's figures of some years. */
export const parkFigures = graphql(/* GraphQL */ `
  query ParkFigures($years: [Int!]!) {
    park {
      name
      figures(years: $years) {
        year
        tenantCount
        hnteCount
        techSmeCount
        jobs
        output
        hnteOutputShare
      }
    }
  }
`);
