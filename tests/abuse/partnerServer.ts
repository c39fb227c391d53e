/** A partner's address where a test says, byte by byte, what comes back. */
import net, { type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Called for each request once its head has come, with its first line ("GET /loans?page=1"), how many came before it, and its head. */
export type Answering = (socket: net.Socket, target: string, before: number, head: string) => void;

/** Where it listens, and the targets that were asked for. */
export interface AbusivePartner {
  readonly url: string;
  readonly asked: string[];
  /** Connections that are open now. */
  open(): number;
}

/** Listens on loopback until the test is over; connections that hang are cut then. */
export async function abusivePartner(answer: Answering): Promise<AbusivePartner> {
  const sockets = new Set<net.Socket>();
  const asked: string[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    // The hub has gone: what is dribbled to it still must not keep the connection.
    socket.on('end', () => setTimeout(() => socket.destroy(), 50));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        const target = head.slice(0, head.indexOf('\r\n')).replace(/ HTTP\/1\.1$/, '');
        asked.push(target);
        answer(socket, target, asked.length - 1, head);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, open: () => sockets.size };
}

/** A whole answer. */
export function answerOf(body: string | Buffer, headers: Record<string, string> = {}, status = '200 OK'): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes]);
}

/** Loans as the bank's API gives them. */
export function loansJson(...loans: readonly (readonly [number: unknown, balance: unknown])[]): string {
  return JSON.stringify({ rows: loans.map(([number, balance]) => ({ 借据号: number, 余额: balance })) });
}

/** Writes on and on, as fast as the other side takes it, until it is gone. */
export function writeWithoutEnd(socket: net.Socket, piece: string | Buffer): void {
  const go = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', go);
  };
  go();
}
