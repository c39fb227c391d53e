/** Partners number as they like: what one calls KJD another may too. A link within a source never leads into another's book. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { copyPark, type TemporaryPark } from './bigPark.js';

interface Named {
  readonly id: string;
  readonly provenance: { readonly sourceId: string };
}

let park: TemporaryPark;
let hub: TestHub;

beforeAll(async () => {
  park = await copyPark();
  // bocom has a product KJD, and hongtu investments HT-…: the others take the same numbers.
  change(join(park.parkFolder, 'icbc/book.db'), ["UPDATE cp_ml SET cpbh = 'KJD' WHERE cpbh = 'P0101'", "UPDATE dk_jj SET cpbh = 'KJD' WHERE cpbh = 'P0101'"]);
  const numbers = (table: string): string => `UPDATE ${table} SET deal_no = replace(deal_no, 'HK-', 'HT-')`;
  change(join(park.parkFolder, 'huakai/book.db'), ['deals', 'cash_flows', 'marks'].map(numbers));
  for (const [file, own, taken] of [
    ['spdb.json', /"spd-kjkd"/g, '"KJD"'],
    ['huayu.json', /"QX-(\d{4}-\d{3})"/g, '"HT-$1"'],
  ] as const) {
    const path = join(park.partnerData, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(own, taken));
  }
  hub = await openTestHub(park);
});

afterAll(async () => {
  await hub?.close();
  await park?.remove();
});

function change(file: string, statements: readonly string[]): void {
  const database = new Database(file);
  for (const statement of statements) database.exec(statement);
  database.close();
}

const sources = (rows: readonly Named[]): string[] => [...new Set(rows.map(({ provenance }) => provenance.sourceId))].sort();

it('three banks may have a product of one code, each with its own loans', async () => {
  const data = await hub.ask(`{
    loanProducts(where: {code: {eq: "KJD"}}) { nodes { id provenance { sourceId } loans(first: 1000) { totalCount nodes { id provenance { sourceId } } sources { sourceId } } } }
    loans(first: 1000, where: {productCode: {eq: "KJD"}}) { nodes { id provenance { sourceId } product { id provenance { sourceId } } } }
  }`);
  const products = data.loanProducts.nodes as (Named & { loans: { totalCount: number; nodes: Named[]; sources: { sourceId: string }[] } })[];
  const loans = data.loans.nodes as (Named & { product: Named })[];
  expect(sources(products)).toEqual(['bocom', 'icbc', 'spdb']);
  expect(sources(loans)).toEqual(['bocom', 'icbc', 'spdb']);
  for (const loan of loans) expect(loan.product.provenance).toEqual(loan.provenance);
  for (const product of products) {
    const own = loans.filter(({ provenance }) => provenance.sourceId === product.provenance.sourceId);
    expect(product.loans.nodes.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
    expect(product.loans.totalCount).toBe(own.length);
    expect(product.loans.sources.map(({ sourceId }) => sourceId)).toEqual([product.provenance.sourceId]);
  }
});

it('three investors may have an investment of one number, each with its own valuations, cash flows and fund', async () => {
  const within = '{ nodes { id provenance { sourceId } } totalCount }';
  const { investments } = await hub.ask(`{ investments(first: 1000) { nodes { id number provenance { sourceId }
    latestValuation { id provenance { sourceId } } fund { id provenance { sourceId } } valuations(first: 1000) ${within} cashFlows(first: 1000) ${within}
  } } }`);
  type List = { nodes: Named[]; totalCount: number };
  const rows = investments.nodes as (Named & { number: string; latestValuation: Named | null; fund: Named | null; valuations: List; cashFlows: List })[];
  const numbers = rows.map(({ number }) => number);
  expect(new Set(numbers).size).toBeLessThan(numbers.length - 3);
  for (const { provenance, latestValuation, fund, valuations, cashFlows } of rows) {
    const own = [provenance.sourceId];
    for (const found of [latestValuation, fund]) if (found) expect(sources([found])).toEqual(own);
    for (const { nodes, totalCount } of [valuations, cashFlows]) {
      expect(totalCount).toBe(nodes.length);
      if (nodes.length > 0) expect(sources(nodes)).toEqual(own);
    }
  }
});

it('rows of one key are told apart by their ids', async () => {
  const { loanProducts } = await hub.ask('{ loanProducts(where: {code: {eq: "KJD"}}) { nodes { id name } } }');
  const ids = loanProducts.nodes.map(({ id }: Named) => id);
  expect(new Set(ids).size).toBe(3);
  expect((await hub.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on LoanProduct { name } } }', { ids })).nodes).toEqual(loanProducts.nodes);
});
