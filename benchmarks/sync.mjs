/**
 * How long a drop takes to sync, and in how much memory: `node benchmarks/sync.mjs [--rows 100000,400000] [--formats csv,join,jsonl,xlsx,http]`.
 *
 * Writes a park with one bank, syncs it with `parkhub sync` in a process of its own, then syncs a second drop in which every
 * tenth row has changed and every hundredth is gone. `csv` is a CSV in GB18030 as banks send it (amounts in 万元 with
 * separators, Chinese code values), `join` the same with the borrowers' codes in a second file, `jsonl` JSON Lines, `xlsx` a
 * workbook, `http` an API of 1,000 rows a page. The peak memory is the process's own, as the kernel counts it (Linux only).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { prepare, root } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000,400000' }, formats: { type: 'string', default: 'csv,join,jsonl,xlsx,http' } },
});
prepare();
const { usccCheckCharacter } = await import('../dist/src/rules/uscc.js');

const KIND = '{ 信用: CREDIT, 保证: GUARANTEED }';
const COLUMNS = '借据编号,统一社会信用代码,借款企业,产品代码,担保方式,发放金额（万元）,贷款余额（元）,年利率（%）,发放日期,到期日期,五级分类,台账状态'.split(
  ',',
);
const FILES = { csv: 'csv', join: 'csv', jsonl: 'jsonl', xlsx: 'xlsx' };
const results = [];
for (const format of values.formats.split(','))
  for (const rows of values.rows.split(',').map(Number)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parkhub-sync-'));
    const api = format === 'http' ? await serveLoans(rows) : undefined;
    try {
      writePark(folder, format);
      const bytes = api ? undefined : writeDrop(path.join(folder, 'park/bank'), format, '20211231', rows, 1);
      const size = bytes === undefined ? '' : `, ${(bytes / 1024 / 1024).toFixed(1)} MiB`;
      results.push({ drop: `${format}, ${rows} rows${size}`, ...(await sync(folder, api)) });
      if (api) api.version = 2;
      else writeDrop(path.join(folder, 'park/bank'), format, '20220331', rows, 2);
      results.push({ drop: `${format}, ${rows} rows, a tenth changed`, ...(await sync(folder, api)) });
    } finally {
      api?.server.close();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${os.cpus().length} cores`);
console.table(results);

/** Runs `parkhub sync` and gives what it printed of the bank, with its time and its peak memory. */
async function sync(folder, api) {
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'dist/src/cli/main.js'), 'sync', path.join(folder, 'park'), 'bank', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PARKHUB_STORE: path.join(folder, 'store'), TZ: 'UTC', ...(api ? { BANK_API: api.url, BANK_TOKEN: 'a' } : {}) },
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    printed += chunk;
  });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakMemory(child.pid));
  }, 50);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  const [{ failure, milliseconds, read, accepted, changed, closed, quarantined }] = JSON.parse(printed);
  if (code !== 0) return { refused: failure };
  return {
    read,
    accepted,
    changed,
    closed,
    quarantined,
    'sync s': milliseconds === undefined ? undefined : Number((milliseconds / 1000).toFixed(1)),
    'process s': Number(((performance.now() - started) / 1000).toFixed(1)),
    'peak MiB': Math.round(peak / 1024),
  };
}

/** The peak of resident memory of a process so far, in KiB; 0 where the system does not say. */
function peakMemory(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    // It has just ended.
    return 0;
  }
}

function writePark(folder, format) {
  fs.mkdirSync(path.join(folder, 'park/bank'), { recursive: true });
  fs.writeFileSync(
    path.join(folder, 'park/park.yml'),
    `id: measured
name: 测量园
operator: 测量
city: 新乡市
zone: 新乡高新区
areaCode: "410771"
operatedSince: 2018-12-01
asOf: "2021-12-31T23:59:59+08:00"
demonstration: true
carriers:
  - { code: A, name: 甲, kind: INCUBATOR, level: NATIONAL, totalArea: 1 }
ruleSets: []
assessment: { observationMonths: 6, criteria: [] }
`,
  );
  fs.writeFileSync(path.join(folder, 'park/bank/source.yml'), sourceFile(format));
}

function sourceFile(format) {
  const from = {
    csv: `
      file: 贷款台账_*.csv
      format: csv
      encoding: gb18030
      headerRow: 2
      skip: [{ column: 借据编号, equals: 合计 }]`,
    jsonl: `
      file: 贷款台账_*.jsonl
      format: jsonl`,
    xlsx: `
      file: 贷款台账_*.xlsx
      format: xlsx`,
    http: `
      path: /loans
      rows: rows
      paging: { style: page, number: page, size: size, pageSize: 1000 }`,
  }[format === 'join' ? 'csv' : format];
  const join =
    format === 'join'
      ? `
    joins:
      - as: k
        from: { file: 客户_*.csv, format: csv, encoding: gb18030 }
        on: { 客户号: 产品代码 }`
      : '';
  const asOf =
    format === 'http'
      ? 'url: { env: BANK_API }\ntoken: { env: BANK_TOKEN }\nmode: mirrored\nsync: { schedule: "0 3 * * *" }'
      : `asOfFileName: '_(\\d{4})(\\d{2})(\\d{2})\\.${FILES[format]}$'`;
  return `id: bank
title: 贷款台账
connector: ${format === 'http' ? 'http' : 'file'}
demonstration: true
partner: { kind: bank, name: 测量银行, shortName: 测量 }
${asOf}
books:
  Loan:
    from:${from}${join}
    columns:
      number: 借据编号
      tenantUscc: ${format === 'join' ? 'k.统一社会信用代码' : '统一社会信用代码'}
      productCode: 产品代码
      kind: { column: 担保方式, values: ${KIND} }
      amount: { column: 发放金额（万元）, unit: 万元 }
      balance: { column: 贷款余额（元） }
      rate: { column: 年利率（%）, unit: "%" }
      date: { column: 发放日期, format: yyyy年MM月dd日 }
      maturesOn: { column: 到期日期, format: yyyy/MM/dd }
      classification: { column: 五级分类, values: { 正常: NORMAL, 关注: SPECIAL_MENTION } }
      status: { column: 台账状态, values: { 未结清: ACTIVE, 已结清: REPAID } }
`;
}

/** The cells of a row; undefined where the second drop has it no more. Of a thousand rows one is broken. */
function cellsOf(row, version, format) {
  if (version > 1 && row % 100 === 50) return undefined;
  const start = `91410771MA3X${String(row % 20_000).padStart(5, '0')}`;
  const balance = (row % 900) * 1000 + (version > 1 && row % 10 === 3 ? 1 : 0);
  return [
    `JJ${String(row).padStart(8, '0')}`,
    start + usccCheckCharacter(start),
    `新乡市某某科技有限公司${row % 20_000}`,
    format === 'join' ? `K${row}` : `P${row % 7}`,
    row % 2 ? '信用' : '保证',
    String((row % 500) + 0.5),
    balance.toLocaleString('en', { minimumFractionDigits: 2 }),
    '4.35',
    `2021年${(row % 12) + 1}月${(row % 28) + 1}日`,
    `2023/${(row % 12) + 1}/15`,
    '正常',
    row % 1000 === 999 ? '不详' : '未结清',
  ];
}

/** Writes a drop. Gives its size in bytes. */
function writeDrop(folder, format, day, rows, version) {
  const file = path.join(folder, `贷款台账_${day}.${FILES[format]}`);
  const encode = format === 'jsonl' ? (text) => Buffer.from(text) : (text) => iconv.encode(text, 'gb18030');
  let number = 0;
  const asLine = {
    csv: (cells) => `${cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',')}\r\n`,
    jsonl: (cells) => `${JSON.stringify(objectOf(cells))}\n`,
    // Twelve columns at most: each has a letter.
    xlsx: (cells) => {
      number += 1;
      const inner = cells.map((cell, index) => `<c r="${String.fromCharCode(65 + index)}${number}" t="inlineStr"><is><t>${cell}</t></is></c>`);
      return `<row r="${number}">${inner.join('')}</row>`;
    },
  }[FILES[format]];
  const parts = [];
  const out = format === 'xlsx' ? undefined : fs.openSync(file, 'w');
  const write = (text) => (out === undefined ? parts.push(strToU8(text)) : fs.writeSync(out, encode(text)));
  if (FILES[format] === 'csv') write(`贷款台账（测量银行新乡分行）\r\n${COLUMNS.join(',')}\r\n`);
  if (format === 'xlsx') write(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${asLine(COLUMNS)}`);
  let part = '';
  for (let row = 0; row < rows; row++) {
    const cells = cellsOf(row, version, format);
    if (cells) part += asLine(cells);
    if (part.length < 1024 * 1024) continue;
    write(part);
    part = '';
  }
  write(`${part}${FILES[format] === 'csv' ? '合计,,,,,,,,,,,\r\n' : ''}${format === 'xlsx' ? '</sheetData></worksheet>' : ''}`);
  if (out !== undefined) fs.closeSync(out);
  else fs.writeFileSync(file, workbookOf(Buffer.concat(parts)));
  if (format === 'join') {
    const lines = Array.from({ length: rows }, (_, row) => `K${row},${cellsOf(row, 1, format)?.[1]}`);
    fs.writeFileSync(path.join(folder, `客户_${day}.csv`), iconv.encode(`客户号,统一社会信用代码\r\n${lines.join('\r\n')}\r\n`, 'gb18030'));
  }
  return fs.statSync(file).size;
}

function objectOf(cells) {
  return Object.fromEntries(COLUMNS.map((name, index) => [name, cells[index]]));
}

/** A workbook of one sheet, as little as Excel opens. */
function workbookOf(sheet) {
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  return zipSync({
    '[Content_Types].xml': strToU8(
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    ),
    '_rels/.rels': strToU8(
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': strToU8(
      `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${relation}"><sheets><sheet name="台账" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': sheet,
  });
}

/** An API that gives the loans page by page. */
async function serveLoans(rows) {
  const api = { version: 1 };
  api.server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url, 'http://api');
    const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('size'))];
    const found = [];
    for (let row = (page - 1) * size; row < Math.min(rows, page * size); row++) {
      const cells = cellsOf(row, api.version, 'http');
      // What is gone is told by a row of another loan in its place, for a page that is not full would be the last.
      found.push(objectOf(cells ?? [`X${row}`, ...(cellsOf(row + 1, 1, 'http') ?? []).slice(1)]));
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ rows: found }));
  });
  api.server.listen(0, '127.0.0.1');
  await once(api.server, 'listening');
  api.url = `http://127.0.0.1:${api.server.address().port}`;
  return api;
}
