/**
 * What is asked, of whom, and how answers of different shapes are brought into one plain form.
 *
 * The peers' schemas are written so that fields have the hub's names; what differs is that the hub and PostGraphile give lists
 * as connections, the others as plain lists, and the hand-written SQL is asked by the question's name.
 */
import { askedFunds, HOLDINGS } from './data.mjs';

/** The documents of one schema: how its lists, its counts and its roots are written. */
const SCHEMAS = {
  hub: {
    to: (name, fields) => `${name} { ${fields} }`,
    list: (name, fields) => `${name} { nodes { ${fields} } }`,
    count: (name) => `${name} { totalCount }`,
    // With its default page of 50 in each of three lists within each other the hub would refuse what the answer might grow to.
    fewReports: 'annualReports(first: 10)',
    bank: 'bank',
    investor: 'investor',
    tenant: 'tenant',
    holdings: 'holdings: investments(where: {sourceId: {eq: "investor1"}, fundCode: {eq: $fund}}, orderBy: [{number: ASC}], first: 50)',
    page: 'page: tenants(where: {industry: {eq: $industry}, status: {eq: IN_PARK}}, orderBy: [{registeredCapital: DESC}], first: 50)',
    pageFields: (fields) => `nodes { ${fields} } pageInfo { hasNextPage }`,
    totals:
      'query Totals { loans(where: {sourceId: {eq: "bank1"}}) { totals(groupBy: [CLASSIFICATION, STATUS]) { group { classification status } count sum { amount balance } } } }',
    investment: (fields) => `investments(where: {sourceId: {eq: "investor1"}, number: {eq: $number}}, first: 1) { nodes { ${fields} } }`,
    wide: (fields) => `loans(where: {sourceId: {eq: "bank1"}}, orderBy: [{number: ASC}], first: 1000) { nodes { ${fields} } }`,
  },
  postgraphile: {
    to: (name, fields) => `${name} { ${fields} }`,
    // What has arguments is a list of the query itself, and stands under its name.
    list: (name, fields) => (name.includes('(') ? `${name} { nodes { ${fields} } }` : `${name}: ${name}ByTenantUscc { nodes { ${fields} } }`),
    count: (name) => `${name}: ${name}ByTenantUscc { totalCount }`,
    fewReports: 'annualReports',
    bank: 'bank: bankByBankCode',
    investor: 'investor: investorByInvestorCode',
    tenant: 'tenant: tenantByTenantUscc',
    holdings: 'holdings: allInvestments(condition: {fundCode: $fund}, orderBy: [NUMBER_ASC], first: 50)',
    page: 'page: allTenants(condition: {industry: $industry, status: "IN_PARK"}, orderBy: [REGISTERED_CAPITAL_DESC], first: 50)',
    pageFields: (fields) => `nodes { ${fields} } pageInfo { hasNextPage }`,
    totals: 'query Totals { totals: loanTotalsOfBank(bank: "bank1") { nodes { classification status count amount balance } } }',
    investment: (fields) => `investments: allInvestments(condition: {number: $number}, first: 1) { nodes { ${fields} } }`,
    wide: (fields) => `loans: allLoans(condition: {bankCode: "bank1"}, orderBy: [NUMBER_ASC], first: 1000) { nodes { ${fields} } }`,
  },
  lists: {
    to: (name, fields) => `${name} { ${fields} }`,
    list: (name, fields) => `${name} { ${fields} }`,
    count: (name) => `${name}: ${name}Count`,
    fewReports: 'annualReports',
    bank: 'bank',
    investor: 'investor',
    tenant: 'tenant',
    holdings: 'holdings: investments(fund: $fund, first: 50)',
    page: 'page: tenants(industry: $industry, status: "IN_PARK", first: 50)',
    pageFields: (fields) => `nodes { ${fields} } hasNextPage`,
    totals: 'query Totals { totals: loanTotals(bank: "bank1") { classification status count amount balance } }',
    investment: (fields) => `investments: investment(number: $number) { ${fields} }`,
    wide: (fields) => `loans(bank: "bank1", first: 1000) { ${fields} }`,
  },
};

const OWN = 'number round amount stake date status';
const TENANT = 'uscc name industry technologyField stage status registeredCapital foundedOn';

const documents = {
  portfolio: (s) =>
    `query Portfolio($fund: String!) { ${s.list(
      s.holdings,
      `${OWN} ${s.to(
        s.tenant,
        `${TENANT} ${s.list('annualReports', 'year output revenue researchSpending taxPaid staff')} ${s.list(
          'loans',
          `number amount balance rate date classification status ${s.to(s.bank, 'shortName')}`,
        )} ${s.count('patents')} ${s.list('investments', `round amount date ${s.to(s.investor, 'shortName')}`)}`,
      )}`,
    )} }`,
  page: (s) => `query Page($industry: String!) { ${s.page} { ${s.pageFields(`${TENANT} enteredOn`)} } }`,
  totals: (s) => s.totals,
  deep: (s) =>
    `query Deep($number: String!) { ${s.investment(
      `number ${s.to(
        s.tenant,
        `name ${s.list(
          'loans',
          `number ${s.to(s.bank, 'shortName')} ${s.to(
            s.tenant,
            `uscc ${s.list(s.fewReports, `year revenue ${s.to(s.tenant, `stage ${s.list('patents', `title ${s.to(s.tenant, 'industry')}`)}`)}`)}`,
          )}`,
        )}`,
      )}`,
    )} }`,
  wide: (s) =>
    `query Wide { ${s.wide(
      `number tenantUscc productCode kind amount balance rate date maturesOn classification status ${s.to(s.bank, 'name shortName')} ${s.to(
        s.tenant,
        'name industry technologyField stage status enteredOn leftOn',
      )}`,
    )} }`,
  typename: () => '{ __typename }',
};

/** The questions: who asks the hub, with which variables in turn, and what of the answer is compared. */
export function questionsOf(sizes, full) {
  const funds = askedFunds(sizes);
  const investments = Array.from({ length: funds.length * HOLDINGS }, (_, number) => `TZ${String(number).padStart(8, '0')}`);
  return [
    { id: 'portfolio', title: 'Portfolio of 50 holdings', viewer: 'investor', variables: funds.map((fund) => ({ fund })) },
    {
      id: 'page',
      title: 'Filtered page of tenants',
      viewer: 'analyst',
      variables: Array.from({ length: 100 }, (_, number) => ({ industry: `C${String(number).padStart(2, '0')}` })),
    },
    { id: 'totals', title: 'Totals by group', viewer: 'bank', variables: [{}] },
    { id: 'deep', title: 'Deep small query', viewer: 'investor', variables: investments.map((number) => ({ number })) },
    // 64 at once take the slowest peer a minute.
    { id: 'wide', title: 'List of 1,000 × 20 fields', viewer: 'bank', variables: [{}], ...(full ? {} : { mostConnections: 8 }) },
    { id: 'typename', title: '`{ __typename }`', viewer: undefined, variables: [{}] },
  ];
}

/** The bodies of the requests that put a question to a server. */
export function bodiesOf({ id, variables }, schema) {
  if (schema === 'sql') return variables.map((values) => JSON.stringify({ question: id, variables: values }));
  const query = documents[id](SCHEMAS[schema]);
  return variables.map((values) => JSON.stringify({ query, variables: values }));
}

/** An answer in the plain form. Throws where it holds errors, or hides anything. */
export function plainAnswer(text) {
  const { data, errors, extensions } = JSON.parse(text);
  if (!data || errors || extensions?.hidden || extensions?.sources)
    throw new Error(`Expected a whole answer, but got: ${JSON.stringify({ errors, extensions }).slice(0, 1_000)}`);
  // The hub's totals stand in the list that they are of, the group and the sums apart.
  const totals = data.loans?.totals?.map(({ group, count, sum }) => ({ ...group, count, ...sum }));
  return plain(totals ? { totals } : data, 0);
}

/** Connections as lists, counts as numbers, decimals as numbers, keys and rows within rows in one order. */
function plain(value, depth) {
  if (Array.isArray(value)) {
    const rows = value.map((row) => plain(row, depth + 1));
    return depth > 1 ? rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : rows;
  }
  if (typeof value === 'string') return /^-?\d+\.\d+$/.test(value) ? Number(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === 'nodes') return plain(value.nodes, depth);
  if (keys.length === 1 && keys[0] === 'totalCount') return value.totalCount;
  const { pageInfo, ...rest } = value;
  const fields = { ...rest, ...pageInfo };
  return Object.fromEntries(
    Object.keys(fields)
      .sort()
      .map((key) => [key, plain(fields[key], depth + 1)]),
  );
}
