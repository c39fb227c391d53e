import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { type HttpSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { definitionOf } from '../../src/entities/definition.js';
import { CashFlow, Loan } from '../../src/entities/index.js';
import { usccCheckCharacter } from '../../src/rules/uscc.js';
import { createHttpSource, type HttpSourceOptions } from '../../src/sources/connectors/http/httpSource.js';
import type { RowsAsk, Source, Statement } from '../../src/sources/source.js';

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Servers of the test file's own; each is stopped after its test, whatever hangs on it. */
export function testPartner(): { start(handler: Handler): Promise<string> } {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });
  return {
    async start(handler) {
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += chunk));
        request.on('end', () => handler(request, response, body));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      stops.push(() => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, json: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(json));
}

/** The token of the sources made here. */
export const TOKEN = 'token-of-the-tests-3f9a';

const loanBook = {
  from: {
    path: '/v1/loans',
    rows: 'data.list',
    paging: { style: 'page', number: 'pageNo', size: 'pageSize', pageSize: 2 },
    batch: { attribute: 'tenantUscc', method: 'POST', path: '/v1/loans/query', parameter: 'creditCodes', maximum: 3 },
  },
  where: [{ column: 'status', notEquals: 'VOID' }],
  columns: {
    number: 'loanNo',
    tenantUscc: 'borrower.creditCode',
    productCode: 'product',
    kind: { constant: 'CREDIT' },
    amount: 'amount',
    balance: 'balance',
    rate: { column: 'rate', unit: '%' },
    date: 'drawnOn',
    maturesOn: 'maturesOn',
    classification: { column: 'class', values: { 1: 'NORMAL', 2: 'SPECIAL_MENTION' } },
    status: { column: 'status', values: { ON: 'ACTIVE', OFF: 'REPAID' } },
  },
};

const cashFlowBook = {
  from: {
    path: '/v1/flows',
    rows: 'items',
    paging: { style: 'cursor', cursor: 'cursor', size: 'limit', next: 'next_cursor', pageSize: 2 },
    batch: { attribute: 'investmentNumber', method: 'GET', path: '/v1/flows', parameter: 'project_ids', maximum: 3 },
  },
  columns: { number: 'id', investmentNumber: 'project_id', kind: { column: 'kind', values: { in: 'CONTRIBUTION' } }, date: 'date', amount: 'amount' },
};

/** A source.yml with both books: loans by page and POST, cash flows by cursor and GET. */
export function sourceFile(rest: Record<string, unknown> = {}): HttpSourceFile {
  return sourceFileSchema.parse({
    id: 'spdb',
    title: '浦发银行开放接口',
    partner: { kind: 'bank', name: '浦发银行', shortName: '浦发' },
    connector: 'http',
    url: { env: 'SPDB_API_URL' },
    token: { env: 'SPDB_API_TOKEN' },
    deadline: 1000,
    books: { Loan: loanBook, CashFlow: cashFlowBook },
    ...rest,
  }) as HttpSourceFile;
}

/** A source over an address, the statements that it reports, and a clock that only the test moves. */
export function openSource(url: string, rest: Partial<HttpSourceOptions> = {}): { source: Source; statements: Statement[]; clock: { now: number } } {
  const statements: Statement[] = [];
  const clock = { now: Date.parse('2022-01-05T08:00:00.000Z') };
  const source = createHttpSource({
    id: 'spdb',
    file: sourceFile(),
    url,
    token: TOKEN,
    definitions: [definitionOf(Loan), definitionOf(CashFlow)],
    onStatement: (statement) => statements.push(statement),
    clock: () => new Date(clock.now),
    ...rest,
  });
  return { source, statements, clock };
}

/** An ask for loans, by key unless told. */
export function loansAsk(rest: Partial<RowsAsk> = {}): RowsAsk {
  return { entity: 'Loan', attributes: ['number', 'amount'], order: [{ attribute: 'key', descending: false, nullsFirst: false }], ...rest };
}

/** A signal that is never given. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** A valid USCC for each number. */
export function uscc(number: number): string {
  const start = `91410702MA${String(number).padStart(7, '0')}`;
  return start + usccCheckCharacter(start);
}

/** A loan as the partner tells it. */
export function loan(number: number, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    loanNo: `L${String(number).padStart(3, '0')}`,
    borrower: { name: '广兴科技', creditCode: uscc(number) },
    amount: number * 1000 + 0.5,
    balance: '500.00',
    rate: 3.85,
    drawnOn: '2021-03-01',
    maturesOn: '2022-03-01',
    class: 1,
    status: 'ON',
    ...rest,
  };
}

/** A cash flow as the partner tells it. */
export function cashFlow(number: number, project: string): Record<string, unknown> {
  return { id: `F${number}`, project_id: project, kind: 'in', date: '2021-05-06', amount: '1000.00' };
}
