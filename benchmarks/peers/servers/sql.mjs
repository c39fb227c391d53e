/** One hand-written statement for each question, which builds the JSON in the database, behind a bare node:http server. */
import http from 'node:http';
import pg from 'pg';

const STATEMENTS = {
  portfolio: [
    `SELECT json_build_object('data', json_build_object('holdings', COALESCE(json_agg(json_build_object(
        'number', i.number, 'round', i.round, 'amount', i.amount::text, 'stake', i.stake::text, 'date', i.date, 'status', i.status,
        'tenant', json_build_object('uscc', t.uscc, 'name', t.name, 'industry', t.industry, 'technologyField', t.technology_field, 'stage', t.stage, 'status', t.status,
          'registeredCapital', t.registered_capital::text, 'foundedOn', t.founded_on,
          'annualReports', (SELECT COALESCE(json_agg(json_build_object('year', r.year, 'output', r.output::text, 'revenue', r.revenue::text,
              'researchSpending', r.research_spending::text, 'taxPaid', r.tax_paid::text, 'staff', r.staff) ORDER BY r.year), '[]') FROM annual_reports r WHERE r.tenant_uscc = t.uscc),
          'loans', (SELECT COALESCE(json_agg(json_build_object('number', l.number, 'amount', l.amount::text, 'balance', l.balance::text, 'rate', l.rate::text, 'date', l.date,
              'classification', l.classification, 'status', l.status, 'bank', json_build_object('shortName', b.short_name)) ORDER BY l.number), '[]')
            FROM loans l JOIN banks b ON b.code = l.bank_code WHERE l.tenant_uscc = t.uscc),
          'patents', (SELECT count(*) FROM patents p WHERE p.tenant_uscc = t.uscc),
          'investments', (SELECT COALESCE(json_agg(json_build_object('round', o.round, 'amount', o.amount::text, 'date', o.date,
              'investor', json_build_object('shortName', v.short_name)) ORDER BY o.number), '[]')
            FROM investments o JOIN investors v ON v.code = o.investor_code WHERE o.tenant_uscc = t.uscc)
        )) ORDER BY i.number), '[]')))::text AS answer
      FROM (SELECT * FROM investments WHERE fund_code = $1 ORDER BY number LIMIT 50) i JOIN tenants t ON t.uscc = i.tenant_uscc`,
    ({ fund }) => [fund],
  ],
  page: [
    `SELECT json_build_object('data', json_build_object('page', json_build_object('hasNextPage', count(*) > 50, 'nodes', COALESCE(json_agg(json_build_object('uscc', uscc,
        'name', name, 'industry', industry, 'technologyField', technology_field, 'stage', stage, 'status', status, 'registeredCapital', registered_capital::text,
        'foundedOn', founded_on, 'enteredOn', entered_on) ORDER BY place) FILTER (WHERE place <= 50), '[]'))))::text AS answer
      FROM (SELECT *, row_number() OVER (ORDER BY registered_capital DESC, uscc DESC) AS place FROM tenants WHERE industry = $1 AND status = 'IN_PARK'
        ORDER BY registered_capital DESC, uscc DESC LIMIT 51) t`,
    ({ industry }) => [industry],
  ],
  totals: [
    `SELECT json_build_object('data', json_build_object('totals', json_agg(json_build_object('classification', classification, 'status', status, 'count', count,
        'amount', amount::text, 'balance', balance::text) ORDER BY classification, status)))::text AS answer
      FROM (SELECT classification, status, count(*), sum(amount) AS amount, sum(balance) AS balance FROM loans WHERE bank_code = 'bank1' GROUP BY 1, 2) g`,
    () => [],
  ],
  deep: [
    `SELECT json_build_object('data', json_build_object('investments', json_agg(json_build_object('number', i.number, 'tenant', json_build_object('name', t.name,
        'loans', (SELECT COALESCE(json_agg(json_build_object('number', l.number, 'bank', json_build_object('shortName', b.short_name), 'tenant', json_build_object('uscc', lt.uscc,
          'annualReports', (SELECT COALESCE(json_agg(json_build_object('year', r.year, 'revenue', r.revenue::text, 'tenant', json_build_object('stage', rt.stage,
            'patents', (SELECT COALESCE(json_agg(json_build_object('title', p.title, 'tenant', json_build_object('industry', pt.industry)) ORDER BY p.application_number), '[]')
              FROM patents p JOIN tenants pt ON pt.uscc = p.tenant_uscc WHERE p.tenant_uscc = rt.uscc))) ORDER BY r.year), '[]')
            FROM annual_reports r JOIN tenants rt ON rt.uscc = r.tenant_uscc WHERE r.tenant_uscc = lt.uscc))) ORDER BY l.number), '[]')
          FROM loans l JOIN banks b ON b.code = l.bank_code JOIN tenants lt ON lt.uscc = l.tenant_uscc WHERE l.tenant_uscc = t.uscc)))))) ::text AS answer
      FROM investments i JOIN tenants t ON t.uscc = i.tenant_uscc WHERE i.number = $1`,
    ({ number }) => [number],
  ],
  wide: [
    `SELECT json_build_object('data', json_build_object('loans', json_agg(json_build_object('number', l.number, 'tenantUscc', l.tenant_uscc, 'productCode', l.product_code,
        'kind', l.kind, 'amount', l.amount::text, 'balance', l.balance::text, 'rate', l.rate::text, 'date', l.date, 'maturesOn', l.matures_on,
        'classification', l.classification, 'status', l.status, 'bank', json_build_object('name', b.name, 'shortName', b.short_name),
        'tenant', json_build_object('name', t.name, 'industry', t.industry, 'technologyField', t.technology_field, 'stage', t.stage, 'status', t.status,
          'enteredOn', t.entered_on, 'leftOn', t.left_on)) ORDER BY l.number)))::text AS answer
      FROM (SELECT * FROM loans WHERE bank_code = 'bank1' ORDER BY number LIMIT 1000) l JOIN banks b ON b.code = l.bank_code JOIN tenants t ON t.uscc = l.tenant_uscc`,
    () => [],
  ],
};

const pool = new pg.Pool({ connectionString: process.env.PEER_DATABASE, max: Number(process.env.PEER_POOL) });

async function answer(body) {
  const { question, variables } = JSON.parse(body);
  if (question === 'typename') return '{"data":{"__typename":"Query"}}';
  const [text, values] = STATEMENTS[question];
  const { rows } = await pool.query({ name: question, text, values: values(variables) });
  return rows[0].answer;
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    answer(Buffer.concat(chunks)).then(
      (text) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
