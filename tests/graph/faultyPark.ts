/** Ways to break each of the six partners of the demo park. */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Source } from '../../src/sources/source.js';
import { openTestHub, type TestHub, type TestHubOptions } from '../helpers/hub.js';
import { copyPark, type TemporaryPark } from './bigPark.js';

/** The partners' sources. */
export const partners = ['bocom', 'hongtu', 'huakai', 'huayu', 'icbc', 'spdb'] as const;
export type Partner = (typeof partners)[number];

/** The file that holds a partner's book, or the variable that says where its API is. */
const places: Readonly<Record<Partner, { readonly file: string } | { readonly variable: string }>> = {
  bocom: { file: '贷款台账_20211231.csv' },
  hongtu: { file: '红土创新投资台账_2021年12月31日.xlsx' },
  huakai: { file: 'book.db' },
  icbc: { file: 'book.db' },
  huayu: { variable: 'HUAYU_API_URL' },
  spdb: { variable: 'SPDB_API_URL' },
};

/** A copy of the demo park that is gone after the test. */
export async function parkForTest(): Promise<TemporaryPark> {
  const park = await copyPark();
  onTestFinished(() => park.remove());
  return park;
}

/** A hub that is closed after the test, before its park is removed. */
export async function hubForTest(options: TestHubOptions): Promise<TestHub> {
  const hub = await openTestHub(options);
  onTestFinished(() => hub.close());
  return hub;
}

/** Writes fields at the head of a partner's source.yml. */
export async function declareInPark({ parkFolder }: TemporaryPark, partner: Partner, fields: string): Promise<void> {
  const path = join(parkFolder, partner, 'source.yml');
  await writeFile(path, `${fields}\n${await readFile(path, 'utf8')}`);
}

/** The book is not there; gives what the hub is opened with. */
export async function kill(park: TemporaryPark, partner: Partner): Promise<TestHubOptions> {
  const place = places[partner];
  if ('variable' in place) return { ...park, variables: { [place.variable]: 'http://127.0.0.1:9/api' } };
  await rm(join(park.parkFolder, partner, place.file));
  // The drop of the quarter before would be taken for the last one.
  if (partner === 'bocom') await rm(join(park.parkFolder, partner, '贷款台账_20210930.csv'));
  return park;
}

/** The book is there and makes no sense. */
export async function corrupt(park: TemporaryPark, partner: Partner): Promise<TestHubOptions> {
  const place = places[partner];
  if ('variable' in place)
    return {
      ...park,
      variables: { [place.variable]: await serve((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"data": [')) },
    };
  const path = join(park.parkFolder, partner, place.file);
  const good = await readFile(path);
  await writeFile(path, Buffer.concat([Buffer.from('垃圾'), good.subarray(good.length / 2), Buffer.from([0xff, 0xfe, 0x00])]));
  return park;
}

/** The address of a server that is stopped after the test, whatever hangs on it. */
export async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a source does when it is asked. */
export type Behaviour = (work: () => Promise<unknown>) => Promise<unknown>;

/** Stands between the hub and its sources, and lets a test change how one of them behaves while the hub runs. */
export class Meddler {
  /** How often each source was asked for rows or totals. */
  readonly asked = new Map<string, number>();
  private readonly behaviours = new Map<string, Behaviour>();

  let(source: string, behaviour: Behaviour | undefined): void {
    if (behaviour) this.behaviours.set(source, behaviour);
    else this.behaviours.delete(source);
  }

  readonly intercept = (source: Source): Source => {
    const meddled = <T>(work: () => Promise<T>): Promise<T> => {
      this.asked.set(source.id, (this.asked.get(source.id) ?? 0) + 1);
      const behaviour = this.behaviours.get(source.id);
      return behaviour ? (behaviour(work) as Promise<T>) : work();
    };
    return {
      id: source.id,
      entities: source.entities,
      how: source.how,
      asOf: () => source.asOf(),
      drift: (entity) => source.drift?.(entity),
      rows: (ask, signal) => meddled(() => source.rows(ask, signal)),
      totals: (ask, signal) => meddled(() => source.totals(ask, signal)),
      survey: (signal) => meddled(() => source.survey(signal)),
      sample: (entity, count, signal) => source.sample(entity, count, signal),
      close: () => source.close(),
    };
  };
}

/** It never answers. */
export const hanging: Behaviour = () => new Promise(() => undefined);
/** It breaks off in the middle of its work. */
export const dying: Behaviour = async (work) => {
  await work();
  throw Object.assign(new Error('read ECONNRESET 10.0.0.1:5432'), { code: 'ECONNRESET' });
};
/** It answers, after a while. */
export const slow =
  (milliseconds: number): Behaviour =>
  async (work) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return work();
  };
