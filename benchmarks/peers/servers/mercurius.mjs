/** Mercurius with its JIT and its loaders, a statement for each loader, as its documentation has it. */
import createFastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';

// Days and amounts as the database writes them.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const schema = `
  type Query {
    investments(fund: String!, first: Int!): [Investment!]!
    investment(number: String!): [Investment!]!
    tenants(industry: String!, status: String!, first: Int!): TenantPage!
    loanTotals(bank: String!): [LoanTotals!]!
    loans(bank: String!, first: Int!): [Loan!]!
  }
  type TenantPage { nodes: [Tenant!]! hasNextPage: Boolean! }
  type LoanTotals { classification: String! status: String! count: Int! amount: String! balance: String! }
  type Tenant {
    uscc: String! name: String! industry: String! technologyField: String! stage: String! status: String! registeredCapital: String! foundedOn: String!
    enteredOn: String! leftOn: String
    annualReports: [AnnualReport!]! loans: [Loan!]! patents: [Patent!]! patentsCount: Int! investments: [Investment!]!
  }
  type AnnualReport {
    tenantUscc: String! year: Int! output: String! revenue: String! researchSpending: String! taxPaid: String! staff: Int! scienceStaff: Int! tenant: Tenant!
  }
  type Patent { applicationNumber: String! tenantUscc: String! kind: String! title: String! status: String! filedOn: String! grantedOn: String tenant: Tenant! }
  type Bank { code: String! name: String! shortName: String! uscc: String! cnapsPrefix: String! }
  type Investor { code: String! name: String! shortName: String! }
  type Investment {
    number: String! tenantUscc: String! investorCode: String! fundCode: String! round: String! amount: String! date: String! stake: String! status: String!
    tenant: Tenant! investor: Investor!
  }
  type Loan {
    number: String! tenantUscc: String! bankCode: String! productCode: String! kind: String! amount: String! balance: String! rate: String! date: String!
    maturesOn: String! classification: String! status: String! tenant: Tenant! bank: Bank!
  }`;

const TENANT =
  'uscc, name, industry, technology_field AS "technologyField", stage, status, registered_capital AS "registeredCapital", founded_on AS "foundedOn", entered_on AS "enteredOn", left_on AS "leftOn"';
const REPORT =
  'tenant_uscc AS "tenantUscc", year, output, revenue, research_spending AS "researchSpending", tax_paid AS "taxPaid", staff, science_staff AS "scienceStaff"';
const PATENT = 'application_number AS "applicationNumber", tenant_uscc AS "tenantUscc", kind, title, status, filed_on AS "filedOn", granted_on AS "grantedOn"';
const INVESTMENT = 'number, tenant_uscc AS "tenantUscc", investor_code AS "investorCode", fund_code AS "fundCode", round, amount, date, stake, status';
const LOAN =
  'number, tenant_uscc AS "tenantUscc", bank_code AS "bankCode", product_code AS "productCode", kind, amount, balance, rate, date, matures_on AS "maturesOn", classification, status';
const BANK = 'code, name, short_name AS "shortName", uscc, cnaps_prefix AS "cnapsPrefix"';
const INVESTOR = 'code, name, short_name AS "shortName"';

const pool = new pg.Pool({ connectionString: process.env.PEER_DATABASE, max: Number(process.env.PEER_POOL) });
const query = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const resolvers = {
  Query: {
    investments: (_, { fund, first }) =>
      query('holdings', `SELECT ${INVESTMENT} FROM investments WHERE fund_code = $1 ORDER BY number LIMIT $2`, [fund, first]),
    investment: (_, { number }) => query('investment', `SELECT ${INVESTMENT} FROM investments WHERE number = $1`, [number]),
    tenants: async (_, { industry, status, first }) => {
      const rows = await query(
        'page',
        `SELECT ${TENANT} FROM tenants WHERE industry = $1 AND status = $2 ORDER BY registered_capital DESC, uscc DESC LIMIT $3`,
        [industry, status, first + 1],
      );
      return { nodes: rows.slice(0, first), hasNextPage: rows.length > first };
    },
    loanTotals: (_, { bank }) =>
      query(
        'totals',
        'SELECT classification, status, count(*)::int AS count, sum(amount) AS amount, sum(balance) AS balance FROM loans WHERE bank_code = $1 GROUP BY 1, 2 ORDER BY 1, 2',
        [bank],
      ),
    loans: (_, { bank, first }) => query('wide', `SELECT ${LOAN} FROM loans WHERE bank_code = $1 ORDER BY number LIMIT $2`, [bank, first]),
  },
};

/** The rows of each asked object's key, in the order of the objects. Not cached by Mercurius: each object asks once, and a cached loader writes every object out as JSON. */
const uncached = (loader) => ({ loader, opts: { cache: false } });
const manyOf = (name, text, key) =>
  uncached(async (queries) => {
    const rows = await query(name, text, [[...new Set(queries.map(({ obj }) => obj.uscc))]]);
    const found = Map.groupBy ? Map.groupBy(rows, (row) => row[key]) : groupBy(rows, key);
    return queries.map(({ obj }) => found.get(obj.uscc) ?? []);
  });
const oneOf = (name, text, from, key) =>
  uncached(async (queries) => {
    const rows = await query(name, text, [[...new Set(queries.map(({ obj }) => obj[from]))]]);
    const found = new Map(rows.map((row) => [row[key], row]));
    return queries.map(({ obj }) => found.get(obj[from]));
  });
const tenant = oneOf('tenant', `SELECT ${TENANT} FROM tenants WHERE uscc = ANY ($1)`, 'tenantUscc', 'uscc');

const loaders = {
  Tenant: {
    annualReports: manyOf('reports', `SELECT ${REPORT} FROM annual_reports WHERE tenant_uscc = ANY ($1) ORDER BY year`, 'tenantUscc'),
    loans: manyOf('loans', `SELECT ${LOAN} FROM loans WHERE tenant_uscc = ANY ($1) ORDER BY number`, 'tenantUscc'),
    patents: manyOf('patents', `SELECT ${PATENT} FROM patents WHERE tenant_uscc = ANY ($1) ORDER BY application_number`, 'tenantUscc'),
    patentsCount: uncached(async (queries) => {
      const rows = await query('patentsCount', 'SELECT tenant_uscc, count(*)::int AS count FROM patents WHERE tenant_uscc = ANY ($1) GROUP BY 1', [
        queries.map(({ obj }) => obj.uscc),
      ]);
      const found = new Map(rows.map((row) => [row.tenant_uscc, row.count]));
      return queries.map(({ obj }) => found.get(obj.uscc) ?? 0);
    }),
    investments: manyOf('investments', `SELECT ${INVESTMENT} FROM investments WHERE tenant_uscc = ANY ($1) ORDER BY number`, 'tenantUscc'),
  },
  AnnualReport: { tenant },
  Patent: { tenant },
  Investment: { tenant, investor: oneOf('investor', `SELECT ${INVESTOR} FROM investors WHERE code = ANY ($1)`, 'investorCode', 'code') },
  Loan: { tenant, bank: oneOf('bank', `SELECT ${BANK} FROM banks WHERE code = ANY ($1)`, 'bankCode', 'code') },
};

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[key]);
    if (group) group.push(row);
    else groups.set(row[key], [row]);
  }
  return groups;
}

const app = createFastify();
await app.register(mercurius, { schema, resolvers, loaders, jit: 1 });
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`http://127.0.0.1:${app.server.address().port}/graphql`);
