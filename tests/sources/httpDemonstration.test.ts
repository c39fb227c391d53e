import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { demonstrationData, type PartnerApi, startPartnerApi } from '../../demo/partner-api/server.js';
import { type HttpSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import '../../src/entities/index.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { createHttpSource } from '../../src/sources/connectors/http/httpSource.js';
import type { Row, RowsAsk, Source, Statement } from '../../src/sources/source.js';
import { never } from './httpPartner.js';

let api: PartnerApi;
beforeAll(async () => {
  api = await startPartnerApi({ dataFolder: demonstrationData() });
});
afterAll(() => api.close());

function open(id: string): { source: Source; file: HttpSourceFile; statements: Statement[] } {
  const file = sourceFileSchema.parse(parse(readFileSync(join('parks/xinxiang', id, 'source.yml'), 'utf8'))) as HttpSourceFile;
  const statements: Statement[] = [];
  const [url, token] = [api.environment[file.url.env], api.environment[file.token.env]];
  if (url === undefined || token === undefined) throw new Error(`the stand-in names no address or token for ${id}`);
  const options = { id, file, url, token, definitions: allDefinitions(), clock: () => new Date('2022-01-05T00:00:00.000Z') };
  return { source: createHttpSource({ ...options, onStatement: (statement) => statements.push(statement) }), file, statements };
}

function all(entity: string, keys?: RowsAsk['keys']): RowsAsk {
  return { entity, attributes: [], order: [{ attribute: 'key', descending: false, nullsFirst: false }], keys };
}

for (const id of ['spdb', 'huayu']) {
  describe(`the API of ${id} in the demonstration`, () => {
    it('is read in whole, no row lost', async () => {
      const { source, file } = open(id);
      const surveys = await source.survey(never());
      expect(surveys.map((survey) => survey.entity)).toEqual(Object.keys(file.books));
      for (const survey of surveys) {
        expect(survey.accepted).toBeGreaterThan(0);
        expect(survey.accepted + survey.setAside.length).toBe(survey.read);
        expect(await source.rows(all(survey.entity), never())).toHaveLength(survey.accepted);
      }
    });

    it('gives the same rows by key as in whole, in one request per batch', async () => {
      const { source, file, statements } = open(id);
      for (const [entity, book] of Object.entries(file.books)) {
        const batch = 'path' in book.from ? book.from.batch : undefined;
        if (!batch) continue;
        const rows = await source.rows(all(entity), never());
        const values = [...new Set(rows.map((row: Row) => row[batch.attribute] as string))];
        statements.length = 0;
        expect(await source.rows(all(entity, { attribute: batch.attribute, values }), never())).toEqual(rows);
        expect(statements.map((statement) => statement.text)).toEqual(Array(Math.ceil(values.length / batch.maximum)).fill(`${batch.method} ${batch.path}`));
      }
    });
  });
}

describe('the stand-in', () => {
  const ask = async (path: string, options: RequestInit = {}) => {
    const { SPDB_API_URL: url, SPDB_API_TOKEN: token } = api.environment;
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` }, ...options });
    return { status: response.status, text: await response.text() };
  };

  it('wants each partner’s own token', async () => {
    expect((await ask('/v1/loans')).status).toBe(200);
    expect((await ask('/v1/loans', { headers: {} })).status).toBe(401);
    expect((await ask('/v1/loans', { headers: { authorization: `Bearer ${api.environment.HUAYU_API_TOKEN}` } })).status).toBe(401);
  });

  it('says what it does not understand', async () => {
    expect(await ask('/v1/loans?pageNo=0')).toEqual({ status: 400, text: '{"error":"pageNo: expected a whole number from 1, but got: 0"}' });
    expect((await ask('/v1/loans?page=2')).status).toBe(400);
    expect((await ask('/v1/none')).status).toBe(404);
    const post = (body: unknown) =>
      ask('/v1/loans/query', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${api.environment.SPDB_API_TOKEN}` },
      });
    expect((await post({ creditCode: 'x' })).status).toBe(400);
    expect((await post({ nonsenses: ['x'] })).text).toBe('{"error":"unknown parameter nonsenses"}');
    expect((await post({ creditCodes: Array(1001).fill('x') })).text).toBe('{"error":"creditCodes: expected at most 1000, but got: 1001"}');
  });

  it('makes a new token at each start', async () => {
    const other = await startPartnerApi({ dataFolder: demonstrationData() });
    await other.close();
    expect(other.environment.SPDB_API_TOKEN).not.toBe(api.environment.SPDB_API_TOKEN);
  });
});
