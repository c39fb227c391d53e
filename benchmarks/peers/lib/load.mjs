/**
 * The load, in a process of its own: so many connections, each of which asks anew when it has its answer. Started by
 * `servers.mjs` and told by messages what to ask; answers with the number of answers and how long they took. An answer that
 * has not the bytes that the compared one had (a source was late and its rows are missing) is no answer, and counted apart.
 */
import { Client } from 'undici';

process.on('message', async ({ url, headers, bodies, lengths, connections, milliseconds }) => {
  try {
    process.send(await load({ url: new URL(url), headers, bodies, lengths, connections, milliseconds }));
  } catch (error) {
    process.send({ error: String(error) });
  }
});

async function load({ url, headers, bodies, lengths, connections, milliseconds }) {
  const clients = Array.from({ length: connections }, () => new Client(url.origin, { pipelining: 1 }));
  const times = [];
  let partial = 0;
  let failed;
  let next = 0;
  const start = performance.now();
  const end = start + milliseconds;
  const ask = (client) =>
    new Promise((resolve, reject) => {
      const index = next++ % bodies.length;
      const begun = performance.now();
      let status;
      let length = 0;
      client.dispatch(
        { path: url.pathname, method: 'POST', headers, body: bodies[index] },
        {
          onConnect: () => undefined,
          onHeaders: (code) => {
            status = code;
            return true;
          },
          onData: (chunk) => {
            length += chunk.length;
            return true;
          },
          onComplete: () => {
            if (status !== 200) return reject(new Error(`Expected status 200, but got: ${status}`));
            if (length === lengths[index]) times.push(performance.now() - begun);
            else partial++;
            resolve();
          },
          onError: reject,
        },
      );
    });
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < end && !failed) await ask(client).catch((error) => (failed ??= error));
    }),
  );
  const took = performance.now() - start;
  await Promise.all(clients.map((client) => client.destroy()));
  if (failed) throw failed;
  times.sort((a, b) => a - b);
  return {
    answers: times.length,
    partial,
    seconds: took / 1_000,
    p50: times[Math.floor(times.length * 0.5)] ?? null,
    p99: times[Math.floor(times.length * 0.99)] ?? null,
  };
}
