/** The hub could not take its address; the message is one line for the person who started it. */
export class ListenError extends Error {
  constructor(
    readonly reason: 'PORT_IN_USE' | 'NOT_ALLOWED' | 'NO_SUCH_ADDRESS',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ListenError';
  }
}

/** What the operating system's refusal means, or undefined where it is none of these. */
export function listenErrorOf(error: unknown, host: string, port: number): ListenError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new ListenError(
        'PORT_IN_USE',
        `Port ${port} of ${host} is in use by another program. Stop that program, or choose another port with --port or PORT.`,
        { cause: error },
      );
    case 'EACCES':
      return new ListenError('NOT_ALLOWED', `Port ${port} of ${host} is not allowed to this user. Choose a port from 1024 up with --port or PORT.`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ListenError('NO_SUCH_ADDRESS', `${host} is no address of this machine. Choose 127.0.0.1 (this machine only) or 0.0.0.0 (every network).`, {
        cause: error,
      });
    default:
      return undefined;
  }
}
