/** All servers are to give the same answers before any is timed. */
import { plainAnswer } from './questions.mjs';

/**
 * Puts every question with all values of its variables to every server. Gives the bytes of each answer by question and server.
 * @throws Error where an answer is not whole, or two servers differ: what they would be measured at is not the same work.
 */
export async function compareAnswers({ servers, questions, askOf }) {
  const lengths = new Map();
  for (const question of questions) {
    const expected = [];
    for (const server of servers) {
      const { url, headers, bodies } = askOf(question, server);
      const found = [];
      for (const [index, body] of bodies.entries()) {
        const text = await (await fetch(url, { method: 'POST', headers, body })).text();
        const got = plainText(text, `${server.title}, ${question.id}`);
        expected[index] ??= got;
        if (got !== expected[index])
          throw new Error(difference({ question: question.id, than: servers[0].title, by: server.title, expected: expected[index], got }));
        found.push(Buffer.byteLength(text));
      }
      lengths.set(`${question.id} ${server.id}`, found);
    }
  }
  return lengths;
}

function plainText(text, where) {
  try {
    return JSON.stringify(plainAnswer(text));
  } catch (error) {
    throw new Error(`${where}: ${error.message}`, { cause: error });
  }
}

function difference({ question, than, by, expected, got }) {
  let place = 0;
  while (expected[place] === got[place]) place++;
  const around = (text) => text.slice(Math.max(0, place - 120), place + 120);
  return `${question}: expected the same answer of all, but ${by} differs from ${than} at ${place}:\n${around(expected)}\n${around(got)}`;
}
