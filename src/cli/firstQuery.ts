/** The first query that a new user is shown: by `parkhub serve` and by the README, which a test keeps the same. */
export const firstQuery = `{
  tenants(first: 3) {
    nodes { name }
  }
}`;
