/**
 * How long a drop takes to sync, and in how much memory: `node benchmarks/sync.mjs [--rows 10000,100000]`.
 *
 * Writes a park with one bank whose drop is a CSV in GB18030 as banks send it (amounts in 万元 with separators, Chinese
 * code values, a joined customers' file would be held in memory and is left out), syncs it with `parkhub sync` in a
 * process of its own, then syncs a second drop in which every tenth row has changed and every hundredth is gone. The
 * peak memory is the process's own, as the kernel counts it (Linux only).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import iconv from 'iconv-lite';
import { prepare, root } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '10000,100000,300000' } } });
prepare();
const { usccCheckCharacter } = await import('../dist/src/rules/uscc.js');

const results = [];
for (const rows of values.rows.split(',').map(Number)) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parkhub-sync-'));
  try {
    writePark(folder);
    const bytes = writeDrop(path.join(folder, 'park/bank'), '20211231', rows, 1);
    results.push({ drop: `${rows} rows, ${(bytes / 1024 / 1024).toFixed(1)} MiB`, ...(await sync(folder)) });
    writeDrop(path.join(folder, 'park/bank'), '20220331', rows, 2);
    results.push({ drop: `${rows} rows, a tenth changed`, ...(await sync(folder)) });
    results.push({ drop: `${rows} rows, as it was`, ...(await sync(folder)) });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${os.cpus().length} cores`);
console.table(results);

/** Runs `parkhub sync` and gives what it printed of the bank, with its time and its peak memory. */
async function sync(folder) {
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'dist/src/cli/main.js'), 'sync', path.join(folder, 'park'), 'bank', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PARKHUB_STORE: path.join(folder, 'store'), TZ: 'UTC' },
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
  if (code !== 0) throw new Error(`Expected the sync to end well, but got: ${code}\n${printed}`);
  const [{ milliseconds, read, accepted, changed, closed, quarantined }] = JSON.parse(printed);
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

function writePark(folder) {
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
  fs.writeFileSync(
    path.join(folder, 'park/bank/source.yml'),
    `id: bank
title: 贷款台账
connector: file
demonstration: true
partner: { kind: bank, name: 测量银行, shortName: 测量 }
asOfFileName: '_(\\d{4})(\\d{2})(\\d{2})\\.csv$'
books:
  Loan:
    from:
      file: 贷款台账_*.csv
      format: csv
      encoding: gb18030
      headerRow: 2
      skip: [{ column: 借据编号, equals: 合计 }]
    columns:
      number: 借据编号
      tenantUscc: 统一社会信用代码
      productCode: 产品代码
      kind: { column: 担保方式, values: { 信用: CREDIT, 保证: GUARANTEED } }
      amount: { column: 发放金额（万元）, unit: 万元 }
      balance: { column: 贷款余额（元） }
      rate: { column: 年利率（%）, unit: "%" }
      date: { column: 发放日期, format: yyyy年MM月dd日 }
      maturesOn: { column: 到期日期, format: yyyy/MM/dd }
      classification: { column: 五级分类, values: { 正常: NORMAL, 关注: SPECIAL_MENTION } }
      status: { column: 台账状态, values: { 未结清: ACTIVE, 已结清: REPAID } }
`,
  );
}

/** Writes a drop; of a thousand rows one is broken. Gives its size in bytes. */
function writeDrop(folder, day, rows, version) {
  const file = path.join(folder, `贷款台账_${day}.csv`);
  const out = fs.openSync(file, 'w');
  const write = (text) => fs.writeSync(out, iconv.encode(text, 'gb18030'));
  write(
    `贷款台账（测量银行新乡分行）\r\n借据编号,统一社会信用代码,借款企业,产品代码,担保方式,发放金额（万元）,贷款余额（元）,年利率（%）,发放日期,到期日期,五级分类,台账状态\r\n`,
  );
  let part = '';
  for (let row = 0; row < rows; row++) {
    if (version > 1 && row % 100 === 50) continue;
    const number = `JJ${String(row).padStart(8, '0')}`;
    const start = `91410771MA3X${String(row % 20_000).padStart(5, '0')}`;
    const balance = (row % 900) * 1000 + (version > 1 && row % 10 === 3 ? 1 : 0);
    const grouped = `"${balance.toLocaleString('en', { minimumFractionDigits: 2 })}"`;
    const state = row % 1000 === 999 ? '不详' : '未结清';
    part += `${number},${start}${usccCheckCharacter(start)},新乡市某某科技有限公司${row % 20_000},P${row % 7},${row % 2 ? '信用' : '保证'},${(row % 500) + 0.5},${grouped},4.35,2021年${(row % 12) + 1}月${(row % 28) + 1}日,2023/${(row % 12) + 1}/15,正常,${state}\r\n`;
    if (part.length > 1024 * 1024) {
      write(part);
      part = '';
    }
  }
  write(`${part}合计,,,,,,,,,,,\r\n`);
  fs.closeSync(out);
  return fs.statSync(file).size;
}
