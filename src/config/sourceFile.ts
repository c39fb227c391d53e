/**
 * The form of a `source.yml`: who the partner is, how its system is reached, and how its columns, units and code values
 * become ours. docs/add-a-source.md walks through it. What it means for an entity (do the attributes exist, are the
 * code values ours) is checked by `checkSourceFile`.
 */
import { z } from 'zod';

/** A value that lives in the environment of the process: never in the file. */
const fromEnvironment = z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable') });

const name = z.string().min(1).max(200);

/** How one attribute comes out of a partner's row. A bare text is the name of a column. */
const columnObject = z
  .strictObject({
    /** The column: its header, its name (with the alias of a join: `k.tyxydm`), or its path in a JSON object (`borrower.creditCode`). */
    column: name.optional(),
    /** Several columns, joined with `-`; for keys only. */
    columns: z.array(name).min(2).optional(),
    /** The same for every row. */
    constant: z.union([z.string(), z.number(), z.boolean()]).optional(),
    /** The unit of an amount or a ratio; 元 and 1 unless told. */
    unit: z.enum(['分', '元', '千元', '万元', '百万元', '亿元', '%', '‰', 'bp']).optional(),
    /** How a date or instant is written; yyyy-MM-dd unless told. `excel` is a serial day, `epochSeconds`/`epochMilliseconds` an instant. */
    format: z.enum(['yyyy-MM-dd', 'yyyyMMdd', 'yyyy/MM/dd', 'yyyy.MM.dd', 'yyyy年MM月dd日', 'excel', 'epochSeconds', 'epochMilliseconds', 'iso']).optional(),
    /** The partner's code for each of our values: `'1': NORMAL`. Several codes may mean one value. */
    values: z.record(z.string(), z.string()).optional(),
    /** Texts that mean "no value" beside the empty one: `['-', '无']`. */
    empty: z.array(z.string()).optional(),
    /** For the USCC of a tenant that the book does not hold: the columns by which the partner names the company. A park officer says who it is. */
    identify: z
      .strictObject({ name: name.optional(), registrationNumber: name.optional() })
      .refine((entry) => entry.name !== undefined || entry.registrationNumber !== undefined, { message: 'name, registrationNumber, or both' })
      .optional(),
  })
  .refine((entry) => [entry.column, entry.columns, entry.constant, entry.identify].filter((given) => given !== undefined).length === 1, {
    message: 'exactly one of column, columns, constant and identify',
  });

const column = z.union([name.transform((text): z.infer<typeof columnObject> => ({ column: text })), columnObject]);

/** A condition on a partner's own columns: which of its rows are the book's. */
const rowFilter = z
  .strictObject({
    column: name,
    equals: z.union([z.string(), z.number()]).optional(),
    notEquals: z.union([z.string(), z.number()]).optional(),
    in: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .optional(),
    /** true: the column must be empty; false: it must not be. */
    empty: z.boolean().optional(),
  })
  .refine((entry) => [entry.equals, entry.notEquals, entry.in, entry.empty].filter((given) => given !== undefined).length === 1, {
    message: 'exactly one of equals, notEquals, in and empty',
  });

/** Which file of the drop folder, and how it is laid out. */
export const fileTable = z.strictObject({
  /** A file name in the folder; `*` stands for any run of characters. Of several the last by name is the book. */
  file: name,
  /** csv has commas (or another `delimiter`) between its cells, tsv has tabs, jsonl one JSON object in each line. */
  format: z.enum(['csv', 'tsv', 'xlsx', 'jsonl']),
  /** Not xlsx. A byte order mark may be there or not; utf-16 goes by it, and is little-endian without one. */
  encoding: z.enum(['utf-8', 'gb18030', 'utf-16', 'utf-16le', 'utf-16be']).optional(),
  /** csv only. */
  delimiter: z.string().length(1).optional(),
  /** xlsx only: the sheet's name; the first unless told. */
  sheet: name.optional(),
  /** Not jsonl: the row (from 1) that holds the column names; 1 unless told. What is above it is titles. */
  headerRow: z.int().min(1).max(100).optional(),
  /** Rows that are not the book's, such as a totals row: those whose column has this text. */
  skip: z.array(z.strictObject({ column: name, equals: z.string() })).optional(),
});

/** Which resource of an HTTP API, how it pages, and how it is asked for many keys at once. */
export const httpResource = z.strictObject({
  path: z.string().startsWith('/'),
  /** Path in the answer to the array of rows: `data.items`. */
  rows: name,
  paging: z
    .discriminatedUnion('style', [
      z.strictObject({
        style: z.literal('page'),
        /** Query parameters for the number (from 1) and the size of a page. */
        number: name,
        size: name,
        pageSize: z.int().min(1).max(10_000),
      }),
      z.strictObject({
        style: z.literal('cursor'),
        /** Query parameters for the cursor and the size of a page, and the path in the answer to the next cursor (absent or null at the end). */
        cursor: name,
        size: name,
        next: name,
        pageSize: z.int().min(1).max(10_000),
      }),
      z.strictObject({
        style: z.literal('offset'),
        /** Query parameters for how many rows to pass over and how many to give. */
        offset: name,
        size: name,
        pageSize: z.int().min(1).max(10_000),
      }),
      z.strictObject({
        style: z.literal('link'),
        /** The next page is where the `Link` header with rel="next" leads, at the same address; there is none at the end. */
        size: name.optional(),
        pageSize: z.int().min(1).max(10_000).optional(),
      }),
    ])
    .optional(),
  /** Asks for the rows of many keys of one attribute in one request. */
  batch: z
    .strictObject({
      attribute: name,
      method: z.enum(['GET', 'POST']),
      path: z.string().startsWith('/'),
      /** The query parameter (GET: comma-separated) or the member of the JSON body (POST: an array). */
      parameter: name,
      /** Most keys in one request. */
      maximum: z.int().min(1).max(10_000),
    })
    .optional(),
});

/** A table of a database, with other tables of the same database joined to it. */
const sqlTable = z.strictObject({
  table: name,
  /** The schema of PostgreSQL, or the database of MariaDB and MySQL, that holds the table; the connection's own unless told. */
  schema: name.optional(),
  as: name.optional(),
});

/**
 * How a database server is reached: by a URL from the environment (`postgres://user:password@host:5432/database`), or by
 * host, database and user with the password from the environment.
 */
const serverConnection = {
  url: fromEnvironment.optional(),
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'a host name or an IP address')
    .optional(),
  /** 5432 for PostgreSQL, 3306 for MariaDB and MySQL unless told. */
  port: z.int().min(1).max(65_535).optional(),
  database: name.optional(),
  user: name.optional(),
  password: fromEnvironment.optional(),
  /** true: encrypted, and the server's certificate is checked against the machine's authorities; `ca`: against the certificates in this file of the source's folder. */
  ssl: z.union([z.boolean(), z.strictObject({ ca: name })]).optional(),
  /** Most connections that the hub has open at once. */
  pool: z.int().min(1).max(50).default(4),
};

const connection = z.discriminatedUnion('type', [
  /** A SQLite file in the source's folder. */
  z.strictObject({ type: z.literal('sqlite'), file: name }),
  z.strictObject({ type: z.literal('postgres'), ...serverConnection }),
  z.strictObject({ type: z.literal('mariadb'), ...serverConnection }),
  z.strictObject({ type: z.literal('mysql'), ...serverConnection }),
]);

const join = z.strictObject({
  /** What is joined: a table (sql) or a file (file). The http connector reads nested objects by path and joins nothing. */
  from: z.union([sqlTable, fileTable]),
  as: name,
  /** Column of the joined table: column of the main table. */
  on: z.record(name, name),
});

/** Files of changes to a book, laid out as its `from`. */
const changes = z.strictObject({
  /** As in `from`, but every file that fits counts, in the order of the days that their names state. */
  file: name,
  /** Rows that close the row of their key instead of stating it: those that keep all of these. Only their key is read. */
  closes: z.array(rowFilter).min(1).optional(),
});

const book = z.strictObject({
  from: z.union([sqlTable, fileTable, httpResource]),
  /** file only: beside the last whole book (`from`), or in place of one, the partner drops what has changed since. */
  changes: changes.optional(),
  joins: z.array(join).optional(),
  where: z.array(rowFilter).optional(),
  /** By attribute; `key` too, where the entity's key is not one of its attributes. */
  columns: z.record(name, column),
});

const partner = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('bank'),
    name,
    shortName: name,
    uscc: z.string().optional(),
    cnapsPrefix: z
      .string()
      .regex(/^\d{3}$/)
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('investor'),
    name,
    shortName: name,
    uscc: z.string().optional(),
    managerNumber: z
      .string()
      .regex(/^P\d{7}$/)
      .optional(),
  }),
]);

const common = {
  /** The source's id: the name of its folder. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
  /** What the source is, for people. */
  title: name,
  partner,
  /** The rows are made up. */
  demonstration: z.boolean().optional(),
  /** The zone of the partner's dates. */
  timeZone: z.string().default('Asia/Shanghai'),
  /** Asked for each answer, or copied into the hub's store. Files are always mirrored; the others live unless told. */
  mode: z.enum(['live', 'mirrored']).optional(),
  /** When a mirrored source is copied; unless told, a drop folder is looked at when it is asked. */
  sync: z
    .strictObject({
      /** The fields of cron in the source's own time zone: `30 2 * * *` is half past two each night; seconds may stand before them. */
      schedule: name,
    })
    .optional(),
  /** How long one ask may take, in milliseconds. */
  deadline: z.int().min(50).max(120_000).default(5_000),
  /**
   * What an answer does when the source fails: goes without its rows (`partial`), takes those of its last good copy, marked
   * with their age (`stale`), or fails (`fail`).
   */
  policy: z.enum(['partial', 'stale', 'fail']).default('partial'),
  /** How many asks may run at once; more wait for their turn, within their deadline. */
  atOnce: z.int().min(1).max(1_000).default(8),
  /** After so many failures in a row the source is left alone for so many milliseconds. */
  breaker: z
    .strictObject({ failures: z.int().min(1).max(1_000).default(5), rest: z.int().min(100).max(3_600_000).default(5_000) })
    .default({ failures: 5, rest: 5_000 }),
  /** By entity name. */
  books: z.record(z.string(), book),
};

/** The form of a source.yml. */
export const sourceFileSchema = z.discriminatedUnion('connector', [
  z.strictObject({
    ...common,
    connector: z.literal('sql'),
    connection,
  }),
  z.strictObject({
    ...common,
    connector: z.literal('file'),
    /** Where the file name says as of which day it speaks: a regular expression whose groups are year, month and day. Else the file's time of change. */
    asOfFileName: z.string().optional(),
  }),
  z.strictObject({
    ...common,
    connector: z.literal('http'),
    url: fromEnvironment,
    /** Sent as a bearer token, or in the named header. */
    token: fromEnvironment.extend({ header: name.optional() }),
    /** How long, in milliseconds, a full reading of a resource may serve pages and totals before it is read again. */
    freshFor: z.int().min(0).max(86_400_000).default(30_000),
  }),
]);

export type SourceFile = z.infer<typeof sourceFileSchema>;
export type SqlSourceFile = Extract<SourceFile, { connector: 'sql' }>;
export type FileSourceFile = Extract<SourceFile, { connector: 'file' }>;
export type HttpSourceFile = Extract<SourceFile, { connector: 'http' }>;
export type SqlConnection = SqlSourceFile['connection'];
export type SqlServerConnection = Exclude<SqlConnection, { type: 'sqlite' }>;
/** Whether a source's books are copied into the hub's store. */
export function isMirrored({ connector, mode }: Pick<SourceFile, 'connector' | 'mode'>): boolean {
  return connector === 'file' || mode === 'mirrored';
}

export type BookMapping = SourceFile['books'][string];
/** `designation`: the `columns` are a registration number and a name, either of which may be empty; made of `identify`, never in a file. */
export type ColumnMapping = z.infer<typeof columnObject> & { readonly designation?: boolean };
export type RowFilter = z.infer<typeof rowFilter>;
export type FileTable = z.infer<typeof fileTable>;
export type HttpResource = z.infer<typeof httpResource>;
export type SqlTable = z.infer<typeof sqlTable>;
