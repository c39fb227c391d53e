/** The other end of asker.mjs: asks as it is told, and says how long it took. */
import http from 'node:http';

const agents = new Map();

process.on('message', async ({ url, body, clients, answers }) => {
  const agent = agents.get(clients) ?? new http.Agent({ keepAlive: true, maxSockets: clients });
  agents.set(clients, agent);
  const each = Math.ceil(answers / clients);
  try {
    let bytes = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let index = 0; index < each; index++) bytes = (await ask(url, body, agent)).length;
      }),
    );
    process.send({ milliseconds: (performance.now() - start) / (each * clients), answers: each * clients, bytes });
  } catch (error) {
    process.send({ error: String(error) });
  }
});

function ask(url, body, agent) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => (response.statusCode === 200 && !text.includes('"errors"') ? resolve(text) : reject(new Error(text.slice(0, 500)))));
    });
    request.on('error', reject).end(body);
  });
}
