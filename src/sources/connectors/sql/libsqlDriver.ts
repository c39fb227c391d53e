/**
 * libsql as the driver of TypeORM's `better-sqlite3` type: SQLite on Node 20 and 24 with nothing to compile.
 *
 * libsql aborts the whole process when it is handed a parameter that it cannot bind (a boolean, a Date, an object), so
 * every parameter is converted or refused here, with an ordinary error, before it gets there.
 */
import LibsqlDatabase from 'libsql';

export type Bindable = string | number | bigint | null | Buffer;

interface LibsqlStatement {
  readonly reader: boolean;
  all(parameters: Bindable[]): unknown[];
  run(parameters: Bindable[]): { changes: number; lastInsertRowid: number };
  get(parameters: Bindable[]): unknown;
  iterate(parameters: Bindable[]): IterableIterator<unknown>;
}

/** A parameter as libsql may be handed it. Throws a TypeError for what cannot be bound. */
export function bindable(parameter: unknown, index: number): Bindable {
  if (parameter === null || parameter === undefined) return null;
  if (typeof parameter === 'string' || typeof parameter === 'bigint' || Buffer.isBuffer(parameter)) return parameter;
  // libsql binds every number as a float, and 5.0 is not the text '5' that a column of texts holds.
  if (typeof parameter === 'number' && Number.isFinite(parameter)) return Number.isSafeInteger(parameter) ? BigInt(parameter) : parameter;
  if (typeof parameter === 'boolean') return parameter ? 1n : 0n;
  if (parameter instanceof Date) return parameter.toISOString();
  throw new TypeError(`SQL parameter ${index + 1}: expected a text, a finite number, a bigint, a boolean, a Date or null, but got: ${typeof parameter}.`);
}

/** Parameters always go in one array: libsql reads a lone object (null among them) as named parameters. */
function guard(statement: LibsqlStatement): object {
  const list = (parameters: unknown[]): Bindable[] => parameters.flat().map(bindable);
  return {
    get reader() {
      return statement.reader;
    },
    all: (...parameters: unknown[]) => statement.all(list(parameters)),
    run: (...parameters: unknown[]) => statement.run(list(parameters)),
    get: (...parameters: unknown[]) => statement.get(list(parameters)),
    iterate: (...parameters: unknown[]) => statement.iterate(list(parameters)),
  };
}

/** The class to hand to TypeORM as `driver`. */
export class GuardedLibsql extends (LibsqlDatabase as unknown as new (
  path: string,
  options: object,
) => { prepare(sql: string): LibsqlStatement; pragma(text: string): unknown }) {
  override prepare(sql: string): LibsqlStatement {
    return guard(super.prepare(sql)) as LibsqlStatement;
  }
}
