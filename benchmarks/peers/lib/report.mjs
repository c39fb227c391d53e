/** What a run found: printed, written down, and drawn into docs/performance.md. */
import fs from 'node:fs';
import path from 'node:path';
import { median } from '../../lib/park.mjs';
import { chart } from './chart.mjs';
import { countsOf } from './measure.mjs';

const [BEGIN, END] = ['<!-- bench: begin -->', '<!-- bench: end -->'];

/** Prints the tables; writes results.json, and where `draw` is set, chart and page. */
export function report({ results, questions, peers, here, docs, draw, out }) {
  const summary = summarise(results, peers);
  const text = page({ results, summary, questions, peers });
  console.log(text);
  if (out) fs.writeFileSync(out, `${JSON.stringify(results, null, 1)}\n`);
  if (!draw) return;
  fs.writeFileSync(path.join(here, 'results.json'), `${JSON.stringify({ ...results, cells: summary }, null, 1)}\n`);
  const image = path.join(path.dirname(docs), 'images/performance.svg');
  fs.writeFileSync(image, chart({ summary, questions, peers }));
  drawInto(docs, text);
}

/** Medians of the rounds, and of the ratios that the hub has to each peer in the same round. */
function summarise({ cells }, peers) {
  const [subject] = peers;
  return cells.map(({ samples, ...cell }) => {
    const middle = Object.fromEntries(Object.keys(samples[0]).map((name) => [name, round(median(samples.map((sample) => sample[name])))]));
    const own = cells.find(({ question, connections, peer }) => question === cell.question && connections === cell.connections && peer === subject.id);
    const ratios = samples.map(({ perSecond }, index) => own.samples[index].perSecond / perSecond);
    return { ...cell, ...middle, ratio: round(median(ratios)), ratioLeast: round(Math.min(...ratios)), ratioMost: round(Math.max(...ratios)) };
  });
}

function page({ results: { machine, sizes, rounds, seconds, connections, idle, bytes }, summary, questions, peers }) {
  const cell = (question, count, peer) => summary.find((one) => one.question === question && one.connections === count && one.peer === peer);
  const [subject, ...others] = peers;
  const lines = [
    `Measured ${machine.at.slice(0, 10)} on ${machine.cores} cores (${machine.processor}, ${machine.platform}), Node ${machine.node}${Number(machine.node.split('.')[0]) < 22 ? ' (PostGraphile: 22)' : ''}, PostgreSQL ${machine.postgres}; ` +
      `load average ${machine.load[0]} before and ${machine.load[1]} after; ${rounds} rounds of ${seconds} s for each figure, in turns; medians. ` +
      `${sizes.tenants.toLocaleString('en')} tenants, ${sizes.investments.toLocaleString('en')} investments, ${sizes.loans.toLocaleString('en')} loans, ${sizes.patents.toLocaleString('en')} patents, ${sizes.years} years of reports; ${sizes.banks} banks, ${sizes.investors} investors.`,
    '',
  ];
  if (others.length > 0) {
    lines.push(
      `How many times the answers a second of each peer ${subject.title} gives, at ${connections.join(', ')} connections (median of the rounds' ratios; above 1, ${subject.title} is ahead):`,
      '',
      `| question | ${others.map(({ title }) => title).join(' | ')} |`,
      `|---|${others.map(() => '---|').join('')}`,
      ...questions.map(
        (question) =>
          `| ${question.title} | ${others
            .map((peer) =>
              countsOf(question, connections)
                .map((count) => figure(cell(question.id, count, peer.id).ratio))
                .join(' · '),
            )
            .join(' | ')} |`,
      ),
      '',
    );
  }
  const middle = connections.includes(8) ? 8 : connections[0];
  lines.push(
    `Milliseconds of processor time an answer, server + PostgreSQL, at ${middle} connections:`,
    '',
    `| question | ${peers.map(({ title }) => title).join(' | ')} |`,
    `|---|${peers.map(() => '---|').join('')}`,
    ...questions.map(({ id, title }) => {
      const times = peers.map((peer) => cell(id, middle, peer.id));
      return `| ${title} | ${times.map(({ cpu, databaseCpu }) => `${figure(cpu)} + ${figure(databaseCpu)}`).join(' | ')} |`;
    }),
    '',
    'At rest, before any load:',
    '',
    '| | answers after s | MiB |',
    '|---|---|---|',
    ...peers.map(({ id, title }) => `| ${title} | ${figure(idle[id].readyAfter / 1_000)} | ${Math.round(idle[id].resident)} |`),
    '',
  );
  for (const question of questions) {
    const { id, title } = question;
    const counts = countsOf(question, connections);
    lines.push(
      `**${title}**`,
      '',
      '| | KB | connections | answers/s | p50 ms | p99 ms | CPU ms an answer: server | PostgreSQL | MiB |',
      '|---|---|---|---|---|---|---|---|---|',
    );
    for (const peer of peers)
      for (const count of counts) {
        const { partial, perSecond, p50, p99, cpu, databaseCpu, resident } = cell(id, count, peer.id);
        const head = count === counts[0] ? `${peer.title} | ${figure(bytes[id][peer.id] / 1_000)}` : ' | ';
        lines.push(
          `| ${head} | ${count} | ${figure(perSecond)} | ${figure(p50)} | ${figure(p99)}${partial > 0 ? ` (${Math.round(partial * 100)} % not whole)` : ''} | ${figure(cpu)} | ${figure(databaseCpu)} | ${Math.round(resident)} |`,
        );
      }
    lines.push('');
  }
  return lines.join('\n');
}

function drawInto(file, text) {
  const page = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : `${BEGIN}\n${END}\n`;
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`Expected the lines ${BEGIN} and ${END} in ${file}, but got: none.`);
  fs.writeFileSync(file, `${page.slice(0, begin + BEGIN.length)}\n${text.trimEnd()}\n${page.slice(end)}`);
}

/** Three digits. */
function figure(number) {
  if (number === null || !Number.isFinite(number)) return '–';
  if (number >= 100) return Math.round(number).toLocaleString('en');
  return String(Number(number.toPrecision(number < 0.1 ? 1 : number < 1 ? 2 : 3)));
}

function round(number) {
  return Number(number.toPrecision(4));
}
