/** APIs that must answer as the reference does: every paging, live and copied. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type HttpResource, type HttpSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { HttpClient } from '../../src/sources/connectors/http/client.js';
import { createHttpSource } from '../../src/sources/connectors/http/httpSource.js';
import { httpFeed } from '../../src/sources/httpFeed.js';
import type { Source } from '../../src/sources/source.js';
import type { ConformingSource } from './conformance.js';
import { mirroredSource, newStore } from './memoryFeed.js';
import { asNumber, mainColumns, type PartnerBook, type PartnerRows } from './partnerBooks.js';

const SIZE = 3;

type Paging = HttpResource['paging'];

const pagings: readonly Paging[] = [
  undefined,
  { style: 'page', number: 'page', size: 'size', pageSize: SIZE },
  { style: 'offset', offset: 'offset', size: 'size', pageSize: SIZE },
  { style: 'cursor', cursor: 'cursor', size: 'size', next: 'next', pageSize: SIZE },
  { style: 'link', size: 'size', pageSize: SIZE },
];

/** One for each paging, live and copied. */
export const httpSources: readonly ConformingSource[] = pagings.flatMap((paging) =>
  (['live', 'mirrored'] as const).map((mode) => ({
    name: `an API ${paging ? `paged by ${paging.style}` : 'in one page'}, ${mode}`,
    covers: [`http ${mode} ${paging?.style ?? 'whole'}`],
    open: (book: PartnerBook, rows: PartnerRows) => openApi(paging, mode, book, rows),
  })),
);

const definitions = new Map(allDefinitions().map((definition) => [definition.name, definition]));

async function openApi(paging: Paging, mode: 'live' | 'mirrored', book: PartnerBook, rows: PartnerRows): Promise<Source> {
  const url = await serve(objectsOf(book, rows));
  const { joins: _nested, ...mapping } = book.mapping;
  const file = sourceFileSchema.parse({
    id: 'icbc',
    title: '工行贷款台账',
    partner: { kind: 'bank', name: '工商银行', shortName: '工行' },
    connector: 'http',
    url: { env: 'X' },
    token: { env: 'Y' },
    deadline: 30_000,
    books: { [book.definition.name]: { ...mapping, from: { path: '/rows', rows: 'data.rows', ...(paging && { paging }) } } },
  }) as HttpSourceFile;
  const common = { file, clock: () => new Date('2022-01-01T00:00:00Z'), onStatement: () => undefined };
  if (mode === 'live') return createHttpSource({ ...common, id: 'icbc', url, token: 'token', definitions: definitions.values() });
  const client = new HttpClient({ source: 'icbc', url, token: 'token', deadline: file.deadline });
  return mirroredSource(httpFeed({ ...common, client, definitions, version: '1' }), await newStore()).source;
}

/** The rows as an API gives them: what a database joins is an object within the row, and some leave out what is empty. */
function objectsOf(book: PartnerBook, rows: PartnerRows): object[] {
  const columns = mainColumns(book);
  return rows.main.map(({ cells }, index) => {
    const entries = columns.map(({ name, type }) => [name, asNumber(cells[name], type)] as const);
    const joined = book.mapping.joins ? { k: { xydm: rows.joined.find(([key]) => key === cells.khh)?.[1] } } : {};
    return { ...Object.fromEntries(index % 2 === 0 ? entries : entries.filter(([, cell]) => cell !== null)), ...joined };
  });
}

/** The address of an API that pages in every way. */
async function serve(objects: readonly object[]): Promise<string> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://api').searchParams;
    const size = Number(query.get('size') ?? objects.length);
    const start = query.has('page') ? (Number(query.get('page')) - 1) * size : Number(query.get('offset') ?? query.get('cursor') ?? query.get('at') ?? 0);
    const next = start + size < objects.length ? start + size : undefined;
    send(
      response,
      { data: { rows: objects.slice(start, start + size) }, next },
      next === undefined ? undefined : `</rows?at=${next}&size=${size}>; rel="next"`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(response: ServerResponse, json: object, link: string | undefined): void {
  response.writeHead(200, { 'content-type': 'application/json', ...(link !== undefined && { link }) }).end(JSON.stringify(json));
}
