/**
 * Ends a statement on a PostgreSQL server, by the protocol's own request: on a connection that needs no user and none of
 * the server's places, and that proxies pass on. Over TLS where the statement's own connection is, for the key of the
 * connection travels in it.
 */
import net from 'node:net';
import tls from 'node:tls';

/** A server, and how long a request may take in milliseconds. */
export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly ssl: false | tls.ConnectionOptions;
  readonly deadline: number;
}

const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/** Asks the server to end what runs on a connection; done when it has taken the request. Throws what went wrong with the network. */
export async function cancelStatement(
  { host, port, ssl, deadline }: CancelTarget,
  { processId, secretKey }: { processId: number; secretKey: number },
): Promise<void> {
  const socket = net.connect({ host, port });
  socket.setTimeout(deadline, () => socket.destroy(new Error('The server did not take a request to cancel in time.')));
  try {
    await once(socket, 'connect');
    const secured = ssl === false ? socket : await secure(socket, host, ssl);
    const closed = once(secured, 'close');
    secured.resume();
    secured.end(message(CANCEL_REQUEST, processId, secretKey));
    await closed;
  } finally {
    socket.destroy();
  }
}

async function secure(socket: net.Socket, host: string, ssl: tls.ConnectionOptions): Promise<tls.TLSSocket> {
  const answered = new Promise<Buffer>((resolve, reject) =>
    socket
      .once('data', resolve)
      .once('error', reject)
      .once('close', () => reject(new Error('The server closed a request to cancel.'))),
  );
  socket.write(message(SSL_REQUEST));
  if ((await answered).toString('latin1') !== 'S') throw new Error('The server does not take encrypted requests to cancel.');
  const secured = tls.connect({ ...ssl, socket, ...(net.isIP(host) ? {} : { servername: host }) });
  await once(secured, 'secureConnect');
  return secured;
}

function message(...words: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 + words.length * 4);
  buffer.writeInt32BE(buffer.length, 0);
  for (const [index, word] of words.entries()) buffer.writeInt32BE(word, 4 + index * 4);
  return buffer;
}

function once(socket: net.Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
  });
}
