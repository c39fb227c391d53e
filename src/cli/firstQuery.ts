/**
 * The first query that a new user is shown, by `parkhub serve`: what the park, three investors and three banks gave to
 * tenants in 2021, from the park's register and all six books. The benchmark asks it too.
 */
export const firstQuery = `{
  park {
    name
    figures(years: [2021]) { tenantCount hnteCount output }
  }
  financing(where: { date: { gte: "2021-01-01", lte: "2021-12-31" } }, orderBy: [{ amount: DESC }], first: 3) {
    totals(groupBy: [SOURCE_ID]) {
      group { sourceId }
      count
      sum { amount }
    }
    nodes {
      amount
      date
      tenant { name patents { totalCount } }
    }
    sources { sourceId state }
  }
}`;
