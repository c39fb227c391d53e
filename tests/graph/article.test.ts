/**
 * The article of 2022-01-05 (新乡日报) against the graph: every figure that rows can carry is asked of the rows, and every
 * printed figure is kept beside it. domain-rules.md, section 10, lists them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/** One field of the figures of a year. */
async function figure(year: number, field: string): Promise<unknown> {
  const { park } = await hub.ask(`query ($years: [Int!]!) { park { figures(years: $years) { value: ${field} } } }`, { years: [year] });
  return park.figures[0].value;
}

describe('the figures of the article, from the rows', () => {
  it.each([
    ['146 companies are in the park', 2021, 'tenantCount', 146],
    ['24 of them are HNTEs', 2021, 'hnteCount', 24],
    ['5 were in 2018', 2018, 'hnteCount', 5],
    ['9 HNTEs were added', 2021, 'hnteAdded', 9],
    ['24 of 146 is 16.44 %, where 16.5 % was printed', 2021, 'hnteShare', '0.164384'],
    ['54 are tech SMEs', 2021, 'techSmeCount', 54],
    ['10 were in 2018', 2018, 'techSmeCount', 10],
    ['36,000 m² in all', 2021, 'totalArea', '36000'],
    ['all of it is let', 2021, 'letArea', '36000'],
    ['the park is full', 2021, 'occupancy', '1'],
    ['4.2亿 of output in 2021', 2021, 'output', '420000000.00'],
    ['2亿 of output in 2018', 2018, 'output', '200000000.00'],
    ['56.85 % of it by the HNTEs', 2021, 'hnteOutputShare', '0.5685'],
    ['which is 2.3877亿', 2021, 'hnteOutput', '238770000.00'],
    ['1,235 jobs', 2021, 'jobs', 1235],
    ['890 patents filed', 2021, 'patentsFiled', 890],
    ['48 of them inventions', 2021, 'inventionPatents', 48],
    ['one in three applicants is admitted', 2021, 'admissionRate', '0.333333'],
    ['about 64 were evicted', 2021, 'evictedCount', 64],
    ['59万 of rent was waived', 2020, 'rentWaived', '590000.00'],
    ['24 shelters were supplied', 2021, 'shelterCount', 24],
  ])('%s', async (_sentence, year, field, expected) => {
    expect(await figure(year, field)).toBe(expected);
  });

  it('more than 200 companies graduated, 拓新药业 among them', async () => {
    expect(await figure(2021, 'graduateCount')).toBeGreaterThan(200);
    const { tenants } = await hub.ask('{ tenants(where: {name: {eq: "新乡拓新药业股份有限公司"}}) { nodes { status graduation { ground } } } }');
    expect(tenants.nodes).toEqual([{ status: 'GRADUATED', graduation: { ground: 'MERGED_OR_LISTED' } }]);
  });

  it('40余万 of relief goods were raised, for each of the 24 shelters some', async () => {
    const raised = (await figure(2021, 'reliefGoodsRaised')) as string;
    expect(Number(raised)).toBeGreaterThan(400_000);
    expect(Number(raised)).toBeLessThan(500_000);
    const { park } = await hub.ask('{ park { shelters { nodes { donations { totalCount } } } } }');
    expect(park.shelters.nodes).toHaveLength(24);
    for (const shelter of park.shelters.nodes) expect(shelter.donations.totalCount).toBeGreaterThan(0);
  });

  it('companies wait for space', async () => {
    expect(await figure(2021, 'waitingCount')).toBeGreaterThan(0);
  });

  it('output rose from year to year between 2018 and 2021', async () => {
    const { park } = await hub.ask('{ park { figures(years: [2018, 2019, 2020, 2021]) { output } } }');
    const outputs = park.figures.map(({ output }: { output: string }) => BigInt(output.replace('.', '')));
    expect(outputs).toEqual([...outputs].sort((a: bigint, b: bigint) => (a < b ? -1 : 1)));
    expect(new Set(outputs).size).toBe(4);
  });

  it('1,450万 of financing in 2021 came from three investors, three banks and the park itself', async () => {
    const { park } = await hub.ask(`{ park { figures(years: [2021]) { financing {
      totals { sum { amount } }
      bySource: totals(groupBy: [SOURCE_ID]) { group { sourceId } sum { amount } }
      sources { sourceId state }
    } } } }`);
    const { totals, bySource, sources } = park.figures[0].financing;
    expect(totals).toEqual([{ sum: { amount: '14500000.00' } }]);
    const seven = ['bocom', 'hongtu', 'huakai', 'huayu', 'icbc', 'park', 'spdb'];
    expect(bySource.map(({ group }: { group: { sourceId: string } }) => group.sourceId)).toEqual(seven);
    for (const { sum } of bySource) expect(BigInt(sum.amount.replace('.', ''))).toBeGreaterThan(0n);
    expect(sources.map(({ sourceId }: { sourceId: string }) => sourceId)).toEqual(seven);
  });

  it('companies were evicted since the end of 2018 for the three reasons of the article', async () => {
    const { park } = await hub.ask(
      '{ park { evictions(orderBy: [{date: ASC}], first: 1) { nodes { date } totals(groupBy: [REASON]) { group { reason } count } } } }',
    );
    expect(park.evictions.nodes[0].date >= '2018-12-01').toBe(true);
    expect(park.evictions.totals.map(({ group }: { group: { reason: string } }) => group.reason)).toEqual([
      'BELOW_EXPECTATION',
      'NOT_MOVED_IN',
      'NO_PATENT_NO_OUTPUT',
    ]);
    expect(park.evictions.totals.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(64);
  });

  it('a company is observed for half a year', async () => {
    expect(await hub.ask('{ park { observationMonths operatedSince } }')).toEqual({ park: { observationMonths: 6, operatedSince: '2018-12-01' } });
  });

  it('the park was recognised as a national incubator in 2003, by whom as holder is not known', async () => {
    const { park } = await hub.ask('{ park { accreditations(where: {level: {eq: NATIONAL}}) { nodes { kind year authority holder } } } }');
    expect(park.accreditations.nodes).toEqual([{ kind: 'INCUBATOR', year: 2003, authority: '科技部', holder: null }]);
  });

  it('广兴科技 had 300 m² half a year before, won its award, and states what its machine does', async () => {
    const { tenants } = await hub.ask(`{ tenants(where: {name: {contains: "广兴科技"}}) { nodes {
      leases(orderBy: [{startedOn: ASC}]) { nodes { area endedOn } }
      awards { nodes { competition prize year } }
      productClaims(orderBy: [{measure: ASC}]) { nodes { measure low high unit } }
    } } }`);
    const [company] = tenants.nodes;
    expect(company.leases.nodes[0]).toEqual({ area: '300', endedOn: '2021-06-30' });
    expect(company.awards.nodes).toEqual([{ competition: '第十届中国创新创业大赛', prize: '新乡市优秀奖', year: 2021 }]);
    expect(company.productClaims.nodes).toEqual([
      { measure: 'energySaving', low: '40', high: '50', unit: '%' },
      { measure: 'lineSpeed', low: '3', high: null, unit: 'm/min' },
      { measure: 'machineLength', low: '37', high: null, unit: 'm' },
      { measure: 'machineWidth', low: '1.3', high: null, unit: 'm' },
      { measure: 'noise', low: '0', high: '30', unit: 'dB' },
      { measure: 'precision', low: '-0.15', high: '0.15', unit: 'mm' },
    ]);
  });
});

describe('the figures as they were printed', () => {
  it.each([
    ['reportedHnteShare', 2021, '16.5', '%', 'EXACT'],
    ['hnteTarget', 2022, '35', 'count', 'TARGET'],
    ['cityIncubatorCount', 2021, '31', 'count', 'EXACT'],
    ['evictedCount', 2021, '64', 'count', 'ABOUT'],
    ['graduateCount', 2021, '200', 'count', 'MORE_THAN'],
    ['reliefGoodsRaised', 2021, '400000', 'CNY', 'AT_LEAST'],
    ['financingFacilitated', 2021, '14500000', 'CNY', 'EXACT'],
    ['nationalRecognitionYear', 2003, '2003', 'year', 'EXACT'],
    ['operatingYears', 2021, '3', 'year', 'EXACT'],
    ['hnteAdded', null, '9', 'count', 'EXACT'],
    ['rentWaived', null, '590000', 'CNY', 'EXACT'],
  ])('%s of %s is kept', async (term, year, value, unit, qualifier) => {
    const { park } = await hub.ask(
      'query ($term: String!) { park { reportedFigures(where: {term: {eq: $term}}) { nodes { year value unit qualifier statement } } } }',
      { term },
    );
    expect(park.reportedFigures.nodes).toEqual([{ year, value, unit, qualifier, statement: expect.stringMatching(/\S/) }]);
  });

  it('stand beside the computed ones of the same year', async () => {
    const { park } = await hub.ask(
      '{ park { figures(years: [2021]) { hnteShare reported(where: {term: {eq: "reportedHnteShare"}}) { nodes { value note } } } } }',
    );
    expect(park.figures).toEqual([{ hnteShare: '0.164384', reported: { nodes: [{ value: '16.5', note: '24 of 146 is 16.44 %, rounded 16.4 %.' }] } }]);
  });
});

describe('figures asked for wrongly', () => {
  it.each([
    [[1948], 'expected years from 1949 to 9999, but got: 1948'],
    [Array.from({ length: 21 }, (_, index) => 2000 + index), 'expected at most 20, but got: 21'],
  ])('refuse %j', async (years, message) => {
    const { errors } = await hub.execute('query ($years: [Int!]!) { park { figures(years: $years) { tenantCount } } }', { years });
    expect(errors?.[0]?.message).toContain(message);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('give zero and null for a year of which no row speaks', async () => {
    const { park } = await hub.ask('{ park { figures(years: [1950]) { tenantCount hnteShare output jobs financing { totalCount } } } }');
    expect(park.figures).toEqual([{ tenantCount: 0, hnteShare: null, output: '0.00', jobs: 0, financing: { totalCount: 0 } }]);
  });
});
