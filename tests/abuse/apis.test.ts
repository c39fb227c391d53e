/** What a partner's API may do, and what becomes of it. */
import type net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEADLINE, httpBank, openAbusedPark } from './abusedPark.js';
import { type Answering, abusivePartner, answerOf, loansJson, writeWithoutEnd } from './partnerServer.js';

const head = (...lines: string[]): string => `${['HTTP/1.1 200 OK', 'content-type: application/json', ...lines].join('\r\n')}\r\n\r\n`;
const once =
  (bytes: string | Buffer): Answering =>
  (socket) =>
    void socket.write(bytes);

async function parkOf(answer: Answering, source = httpBank()) {
  const partner = await abusivePartner(answer);
  return { partner, ...(await openAbusedPark(source, undefined, { BANK_URL: partner.url })) };
}

const LATE = /^(bank did not answer within 600 ms\.|no complete answer within 600 ms\.)/;
const BROKEN = /^the connection failed, or broke off within the answer\.$/;
const TOO_MUCH = /expected an answer of at most 16777216 bytes, but got: more/;

/** Everything that an answer may be but an answer. */
const abuses: readonly (readonly [name: string, message: RegExp, answer: Answering])[] = [
  ['never answers', LATE, () => undefined],
  ['answers with a head and no body', LATE, once(head('content-length: 100'))],
  [
    'dribbles a byte a second',
    LATE,
    (socket) => {
      socket.write(head('content-length: 100000'));
      const timer = setInterval(() => socket.write(' '), 200);
      socket.on('close', () => clearInterval(timer));
    },
  ],
  [
    'dribbles a head without end',
    /^(bank did not answer|no complete answer|the connection failed)/,
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    },
  ],
  ['sends a head without end', BROKEN, (socket) => writeWithoutEnd(socket, `x: ${'y'.repeat(1000)}\r\n`)],
  ['closes its half of the connection', BROKEN, (socket) => socket.end()],
  ['closes its half within the answer', BROKEN, (socket) => socket.end(`${head('content-length: 1000')}{"rows": [`)],
  ['resets the connection', BROKEN, (socket) => socket.resetAndDestroy()],
  [
    'resets it within the answer',
    BROKEN,
    (socket) => socket.write(`${head('content-length: 1000')}{"rows": [`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  ],
  ['says that it sends more than it does', BROKEN, (socket) => socket.end(answerOf(loansJson(['A', 1]), { 'content-length': '5000' }))],
  [
    'says that it sends less than it does',
    /expected JSON, but got: something else|broke off/,
    (socket) => socket.end(answerOf(loansJson(['A', 1]), { 'content-length': '20' })),
  ],
  ['breaks off within a chunk', BROKEN, (socket) => socket.end(`${head('transfer-encoding: chunked')}400\r\n{"rows": [`)],
  ['breaks off between chunks', BROKEN, (socket) => socket.end(`${head('transfer-encoding: chunked')}a\r\n{"rows": []\r\n`)],
  ['sends chunks that are none', BROKEN, (socket) => socket.end(`${head('transfer-encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`)],
  ['says two lengths', BROKEN, once(`${head('content-length: 2', 'content-length: 3')}{}`)],
  ['does not speak HTTP', BROKEN, once('SSH-2.0-OpenSSH_9.2\r\n')],
  [
    'is of another type',
    /expected content of type application\/json, but got: text\/html/,
    once(answerOf(loansJson(['A', 1]), { 'content-type': 'text/html' })),
  ],
  ['is of no type', /expected content of type application\/json, but got: (none|)\./, once(answerOf(loansJson(['A', 1]), { 'content-type': '' }))],
  [
    'is a page that asks for a login',
    /expected content of type application\/json/,
    once(answerOf('<html>http://127.0.0.1/ secret-of</html>', { 'content-type': 'text/html' })),
  ],
  ['is 500', /^expected status 200, but got: 500\.$/, once(answerOf('{"error": "SELECT * FROM x at 127.0.0.1"}', {}, '500 Oops'))],
  ['is 404', /^expected status 200, but got: 404\.$/, once(answerOf('{}', {}, '404 Not Found'))],
  ['is 204 without a body', /expected (JSON|content)/, once('HTTP/1.1 204 No Content\r\n\r\n')],
  ['refuses the token', /^the partner refused the token \(status 401\)\.$/, once(answerOf('{}', {}, '401 Unauthorized'))],
  ['is 503 for a while', /but got: 503/, once(answerOf('{}', { 'retry-after': '1' }, '503 Busy'))],
  ['is 503 until long after', /but got: 503/, once(answerOf('{}', { 'retry-after': '99999999999999999999' }, '503 Busy'))],
  ['is 503 until a date', /but got: 503/, once(answerOf('{}', { 'retry-after': 'Fri, 31 Dec 2999 23:59:59 GMT' }, '503 Busy'))],
  ['is 503 until what is no date', /but got: 503/, once(answerOf('{}', { 'retry-after': 'soon' }, '503 Busy'))],
  ['is 429', /but got: 429/, once(answerOf('{}', { 'retry-after': '0' }, '429 Too Many'))],
  ['redirects', /but got: a redirect \(status 302\), which is not followed\.$/, once(answerOf('', { location: '/elsewhere' }, '302 Found'))],
  ['redirects to a file', /but got: a redirect \(status 301\)/, once(answerOf('', { location: 'file:///etc/passwd' }, '301 Moved'))],
  [
    'redirects to another host',
    /but got: a redirect \(status 307\)/,
    once(answerOf('', { location: 'http://169.254.169.254/latest/meta-data/' }, '307 Temporary')),
  ],
  ['redirects to itself', /but got: a redirect \(status 308\)/, once(answerOf('', { location: '/loans' }, '308 Permanent'))],
  [
    'sends without end',
    /expected an answer of at most 16777216 bytes|did not answer within|no complete answer/,
    (socket) => {
      socket.write(`${head()}{"rows": [`);
      writeWithoutEnd(socket, ' '.repeat(65_536));
    },
  ],
  ['says that it is huge', LATE, once(head('content-length: 999999999999'))],
  ['is a gzip bomb', TOO_MUCH, once(answerOf(gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), { 'content-encoding': 'gzip' }))],
  ['is a gzip within a gzip', TOO_MUCH, once(answerOf(gzipSync(gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))), { 'content-encoding': 'gzip, gzip' }))],
  ['says that it is packed, and is not', /^(the connection failed|expected)/, once(answerOf(loansJson(['A', 1]), { 'content-encoding': 'gzip' }))],
  ['is no JSON', /expected JSON, but got: something else/, once(answerOf('{"rows": [,]}'))],
  ['is empty', /expected JSON, but got: something else, of 0 bytes/, once(answerOf(''))],
  ['is no UTF-8', /expected text in UTF-8/, once(answerOf(Buffer.concat([Buffer.from('{"rows": ["'), Buffer.from([0xff, 0xfe]), Buffer.from('"]}')])))],
  ['is UTF-16', /expected (text in UTF-8|JSON)/, once(answerOf(Buffer.from(loansJson(['A', 1]), 'utf16le')))],
  ['is nested 100,000 levels deep', /expected at most 50 levels of nesting/, once(answerOf(`{"rows": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`))],
  ['is nested in objects', /expected at most 50 levels of nesting/, once(answerOf(`{"rows": [${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]}`))],
  ['has no rows where they should be', /expected an array of rows at rows, but got: nothing/, once(answerOf('{"data": []}'))],
  ['has an object for rows', /expected an array of rows at rows, but got: an object/, once(answerOf('{"rows": {"length": 5}}'))],
  ['has the rows in __proto__', /expected an array of rows at rows, but got: nothing/, once(answerOf('{"__proto__": {"rows": []}}'))],
];

describe.each<[mode: string, source: () => Record<string, unknown>]>([
  ['live', () => httpBank()],
  ['mirrored', () => httpBank(undefined, { mode: 'mirrored', sync: { schedule: '0 0 1 1 *' } })],
])('an API that is %s', (mode, source) => {
  it.each(abuses)('and %s costs its own rows, within its deadline', async (_name, message, answer) => {
    const { partner, askInVain } = await parkOf(answer, source());
    const said = await askInVain();
    // A copy is patient, and tried again after the answer has gone out.
    expect(said).toMatch(mode === 'live' ? message : new RegExp(`${message.source}|${LATE.source}`));
    expect(partner.asked.length).toBeGreaterThan(0);
    for (const target of partner.asked) expect(target).toBe('GET /loans');
  });
});

describe('an API that does not listen', () => {
  it.each([
    ['at a port where nobody is', 'http://127.0.0.1:9'],
    ['at a name that is none', 'http://nobody.invalid'],
  ])('(%s) costs its own rows', async (_name, url) => {
    const park = await openAbusedPark(httpBank(), undefined, { BANK_URL: url });
    expect(await park.askInVain()).toMatch(/^(the connection failed|bank did not answer|no complete answer)/);
  });

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1', 'javascript:alert(1)', 'http://user:secret-of@127.0.0.1', 'nonsense'])(
    'at %s is refused, and its address not told',
    async (url) => {
      const park = await openAbusedPark(httpBank(), undefined, { BANK_URL: url });
      expect(await park.askInVain()).toMatch(/^the address in the environment: expected/);
    },
  );
});

describe('what hangs', () => {
  it('is let go of at the deadline: no connection stays', async () => {
    const { partner, askInVain } = await parkOf(() => undefined);
    expect(await askInVain()).toMatch(LATE);
    await expect.poll(() => partner.open(), { timeout: 10_000 }).toBe(0);
  });

  it('answers again as soon as the partner does', async () => {
    let hangs = true;
    const { askInVain, ask } = await parkOf((socket) => {
      if (!hangs) socket.write(answerOf(loansJson(['A', 1])));
    });
    expect(await askInVain()).toMatch(LATE);
    hangs = false;
    await expect.poll(async () => (await ask()).balances, { timeout: 15_000, interval: 300 }).toEqual({ A: '1.00' });
  });
});

describe('paging', () => {
  const styles = {
    page: { style: 'page', number: 'page', size: 'size', pageSize: 2 },
    offset: { style: 'offset', offset: 'offset', size: 'size', pageSize: 2 },
    cursor: { style: 'cursor', cursor: 'cursor', size: 'size', next: 'next', pageSize: 2 },
    link: { style: 'link', size: 'size', pageSize: 2 },
  };
  const page = (start: number): readonly [string, number][] => [
    [`L${start}`, 1],
    [`L${start + 1}`, 1],
  ];

  it.each(Object.keys(styles) as (keyof typeof styles)[])('by %s that has no end ends with the deadline', async (style) => {
    const { askInVain } = await parkOf((socket, _target, before) => {
      const json = { ...JSON.parse(loansJson(...page(before * 2))), next: `c${before}` };
      socket.write(answerOf(JSON.stringify(json), { link: `</loans?at=${before}>; rel="next"` }));
    }, httpBank(styles[style]));
    expect(await askInVain()).toMatch(LATE);
  });

  it('of more rows than are held is refused, and says what to do', { timeout: 90_000 }, async () => {
    const rows = JSON.parse(loansJson(...Array.from({ length: 60_000 }, (_, index): [string, number] => [`L${index}`, 1]))).rows;
    const { hub } = await parkOf(
      (socket, _target, before) => socket.write(answerOf(JSON.stringify({ rows, next: `c${before}` }))),
      httpBank({ ...styles.cursor, pageSize: 10_000 }, { deadline: 60_000 }),
    );
    const status = (await hub.hub.sourceStatuses()).find(({ id }) => id === 'bank');
    expect(status?.message).toMatch(/expected at most 300000 rows and \d+ bytes, but got: more\. Have such a book mirrored \(mode: mirrored\)\.$/);
  });

  it('by a cursor that repeats itself is refused', async () => {
    const { askInVain } = await parkOf((socket, _target, before) => {
      const json = { ...JSON.parse(loansJson(...page(before * 2))), next: `c${before % 2}` };
      socket.write(answerOf(JSON.stringify(json)));
    }, httpBank(styles.cursor));
    expect(await askInVain()).toMatch(/expected a new cursor with each page, but got: one of an earlier page/);
  });

  it('by a link that leads in a circle is refused', async () => {
    const { askInVain } = await parkOf(
      (socket, _target, before) => socket.write(answerOf(loansJson(...page(before * 2)), { link: '</loans?at=1>; rel="next"' })),
      httpBank(styles.link),
    );
    expect(await askInVain()).toMatch(/expected a new link with each page, but got: one of an earlier page/);
  });

  it.each(['http://169.254.169.254/loans', 'file:///etc/passwd', '//elsewhere.example/loans', 'http://['])(
    'by a link to %s is refused, and nobody there asked',
    async (to) => {
      const { partner, askInVain } = await parkOf(
        (socket) => socket.write(answerOf(loansJson(...page(0)), { link: `<${to}>; rel="next"` })),
        httpBank(styles.link),
      );
      expect(await askInVain()).toMatch(/expected a link to (the next page|a page of the same address), but got/);
      expect(partner.asked).toHaveLength(1);
    },
  );

  it('that fails half way gives nothing, not half', async () => {
    const { askInVain } = await parkOf(
      (socket, _target, before) => socket.write(before === 0 ? answerOf(loansJson(...page(0))) : answerOf('{}', {}, '500 Oops')),
      httpBank(styles.page),
    );
    expect(await askInVain()).toBe('expected status 200, but got: 500.');
  });
});

describe('a row', () => {
  const rows = (socket: net.Socket, ...json: string[]): void => void socket.write(answerOf(`{"rows": [{"借据号": "FIRST", "余额": 1}, ${json.join(', ')}]}`));

  it.each<[name: string, reason: RegExp, json: string]>([
    ['that is no object', /expected an object, but got: a number/, '5'],
    ['that is an array', /expected an object, but got: an array/, '[1, 2]'],
    ['that is null', /expected an object, but got: null/, 'null'],
    ['with half a character', /a text without control characters/, '{"借据号": "A\\ud800", "余额": 1}'],
    ['with NUL', /a text without control characters/, '{"借据号": "A\\u0000", "余额": 1}'],
    ['with a text of more than ten thousand characters', /expected at most 10000 characters, but got: 10001/, `{"借据号": "${'x'.repeat(10_001)}", "余额": 1}`],
    ['with 1e400', /余额: expected a number within range, but got: one too great/, '{"借据号": "A", "余额": 1e400}'],
    ['with 2^63', /余额: expected a number of at most 15 digits or a text/, '{"借据号": "A", "余额": 9223372036854775808}'],
    ['with an amount that is an object', /balance/, '{"借据号": "A", "余额": {"value": 1}}'],
    ['with an amount that is true', /balance \(column 余额\): expected an amount/, '{"借据号": "A", "余额": true}'],
    ['with __proto__ for its id', /number \(column 借据号\): expected a value/, '{"__proto__": {"借据号": "A"}, "余额": 1}'],
  ])('%s is set aside with its reason; the others stay', async (_name, reason, json) => {
    const { ask, setAside } = await parkOf((socket) => rows(socket, json));
    expect((await ask()).balances).toEqual({ FIRST: '1.00' });
    const [found, ...others] = Object.values(await setAside());
    expect(found).toMatch(reason);
    expect(others).toEqual([]);
  });

  it.each<[name: string, json: string, balance: string]>([
    ['-0', '-0', '0.00'],
    ['1e5', '1e5', '100000.00'],
    ['1E-2', '1E-2', '0.01'],
    ['a text of digits beyond a float', '"9007199254740993.01"', '9007199254740993.01'],
    ['0.1 + 0.2', '0.30000000000000004', '0.30'],
  ])('with the amount %s is read exactly', async (_name, json, balance) => {
    const { ask, setAside } = await parkOf((socket) => rows(socket, `{"借据号": "A", "余额": ${json}}`));
    const { balances } = await ask();
    if (balance === '0.30') expect(balances.A ?? Object.values(await setAside())[0]).toMatch(/^0\.30$|whole number of fen/);
    else expect(balances).toEqual({ FIRST: '1.00', A: balance });
  });

  it('with an array for a text keeps it as JSON', async () => {
    const { ask } = await parkOf((socket) => rows(socket, '{"借据号": ["A", 1], "余额": 1}'));
    expect((await ask()).balances).toEqual({ FIRST: '1.00', '["A",1]': '1.00' });
  });

  it('with one name twice is read by the last, as JSON is', async () => {
    const { ask } = await parkOf((socket) => rows(socket, '{"借据号": "A", "余额": 1, "余额": 2}'));
    expect((await ask()).balances).toEqual({ FIRST: '1.00', A: '2.00' });
  });

  it.each(["'; DROP TABLE loan; --", '" OR 1=1', '=1+1', '<script>', '%', '\\', '{{7*7}}', '__proto__'])(
    'with the id %s keeps it letter by letter',
    async (id) => {
      const { ask } = await parkOf((socket) => socket.write(answerOf(loansJson([id, 5]))));
      expect((await ask()).balances).toEqual(Object.fromEntries([[id, '5.00']]));
    },
  );
});

describe('a partner that asks to be left alone', () => {
  it.each([
    ['for an hour', '3600'],
    ['for longer than time is counted', '9'.repeat(400)],
    ['until the end of the millennium', 'Fri, 31 Dec 2999 23:59:59 GMT'],
  ])('%s is not asked again for this answer', async (_name, retryAfter) => {
    const { partner, askInVain } = await parkOf((socket) => socket.write(answerOf('{}', { 'retry-after': retryAfter }, '503 Busy')));
    expect(await askInVain()).toBe('expected status 200, but got: 503.');
    // The rows and their count are two asks, which share one reading.
    expect(partner.asked).toHaveLength(1);
  });

  it.each(['0', '-5', 'soon', '', '1e9', 'Fri, 31 Dec 1999 23:59:59 GMT'])('for "%s" is asked once more', async (retryAfter) => {
    const { partner, ask } = await parkOf((socket, _target, before) =>
      socket.write(before === 0 ? answerOf('{}', { 'retry-after': retryAfter }, '503 Busy') : answerOf(loansJson(['A', 1]))),
    );
    expect((await ask()).balances).toEqual({ A: '1.00' });
    expect(partner.asked).toHaveLength(2);
  });
});

describe('a token', () => {
  it('goes to the partner alone, and to no answer', async () => {
    const heads: string[] = [];
    const { ask } = await parkOf((socket, _target, _before, text) => {
      heads.push(text);
      socket.write(answerOf(loansJson(['A', 1])));
    });
    const { text } = await ask();
    expect(text).not.toContain('secret-of');
    expect(heads[0]).toMatch(/^authorization: Bearer secret-of-the-abused-bank-7d1c$/m);
  });
});

it(`the deadline of ${DEADLINE} ms is that of the source, not of a request: many slow pages are not many deadlines`, async () => {
  const { askInVain } = await parkOf(
    (socket, _target, before) => setTimeout(() => socket.write(answerOf(loansJson([`L${before * 2}`, 1], [`L${before * 2 + 1}`, 1]))), 200),
    httpBank({ style: 'page', number: 'page', size: 'size', pageSize: 2 }),
  );
  expect(await askInVain()).toMatch(LATE);
});
