/** The measuring: rounds in which every server is asked every question, in turns. */
import { cpuOf, residentOf } from './processes.mjs';

/** Milliseconds of load before the first round, so that code is compiled and pools are full. */
const WARM_UP = 600;

/**
 * One cell for each question, number of connections and server, with one sample for each round: answers a second, p50 and p99
 * in milliseconds, milliseconds of processor time an answer of the server and of PostgreSQL, MiB that the server holds.
 */
export async function measureInTurns({ servers, questions, connections, rounds, milliseconds, load, askOf, databasePid, say }) {
  const cells = [];
  for (const question of questions)
    for (const count of countsOf(question, connections))
      for (const server of servers) cells.push({ question: question.id, connections: count, peer: server.id, samples: [] });
  const cellOf = (question, count, server) => cells.find((cell) => cell.question === question.id && cell.connections === count && cell.peer === server.id);
  say('Warming up …');
  for (const server of servers) for (const question of questions) await load.run({ ...askOf(question, server), connections: 8, milliseconds: WARM_UP });
  for (let round = 0; round < rounds; round++) {
    say(`Round ${round + 1} of ${rounds} …`);
    // Who comes first differs from round to round.
    const turn = servers.map((_, index) => servers[(index + round) % servers.length]);
    for (const question of questions)
      for (const count of countsOf(question, connections))
        for (const server of turn) {
          const [before, databaseBefore] = [cpuOf(server.pid), cpuOf(databasePid, true)];
          const { answers, partial, seconds, p50, p99 } = await load.run({ ...askOf(question, server), connections: count, milliseconds });
          const [after, databaseAfter] = [cpuOf(server.pid), cpuOf(databasePid, true)];
          cellOf(question, count, server).samples.push({
            perSecond: answers / seconds,
            partial: partial / (answers + partial),
            p50,
            p99,
            cpu: (after - before) / (answers + partial),
            databaseCpu: (databaseAfter - databaseBefore) / (answers + partial),
            resident: residentOf(server.pid),
          });
        }
  }
  return cells;
}

/** At how many connections a question is asked: of those chosen, at most as many as it is bearable at. */
export function countsOf({ mostConnections = Number.POSITIVE_INFINITY }, connections) {
  return connections.filter((count) => count <= mostConnections);
}
