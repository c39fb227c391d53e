/** From what a source.yml says to a source that answers: live, mirrored, or by a drop. */
import { createHash } from 'node:crypto';
import type { Environment } from './config/environment.js';
import type { LoadedSource } from './config/park.js';
import { isMirrored, type SourceFile, type SqlSourceFile } from './config/sourceFile.js';
import { allDefinitions, type EntityDefinition } from './entities/definition.js';
import { openDrop } from './sources/connectors/file/drop.js';
import { HttpClient } from './sources/connectors/http/client.js';
import { createHttpSource } from './sources/connectors/http/httpSource.js';
import { FOR_A_COPY } from './sources/connectors/http/retry.js';
import { LiveSqlSource } from './sources/connectors/sql/liveSource.js';
import { openPartnerDatabase } from './sources/connectors/sql/openDatabase.js';
import type { SqlDatabase } from './sources/connectors/sql/reader.js';
import { dropFeed } from './sources/dropFeed.js';
import { httpFeed } from './sources/httpFeed.js';
import { designated, type IdentifiedAttributes } from './sources/identity/designation.js';
import { LastGoodCopy } from './sources/lastGoodCopy.js';
import { MirroredSource, type MirrorFeed, type MirrorStore } from './sources/mirror.js';
import { REGISTER } from './sources/register.js';
import type { SourceDeclaration } from './sources/registry.js';
import { type Source, SourceError, type StatementListener } from './sources/source.js';
import { sqlFeed } from './sources/sqlFeed.js';
import type { MirrorDeclaration } from './sources/sync/mirrors.js';
import type { Store } from './store/store.js';

/** What sources are made with. */
export interface Surroundings {
  readonly environment: Environment;
  readonly store: MirrorStore & Store;
  readonly clock: () => Date;
  readonly version: string;
  /** The attributes of each source's books that hold what a partner calls a company. */
  readonly identified: ReadonlyMap<string, ReadonlyMap<string, IdentifiedAttributes>>;
  readonly onStatement: StatementListener | undefined;
}

export function declare({ file }: LoadedSource, { version, identified, ...stores }: Surroundings, open: () => Promise<Source>): SourceDeclaration {
  const definitions = [...definitionsByName(identified.get(file.id)).values()].filter(({ name }) => Object.hasOwn(file.books, name));
  const form = createHash('sha256')
    .update(JSON.stringify([version, file]))
    .digest('hex');
  return {
    id: file.id,
    title: file.title,
    connector: file.connector,
    demonstration: file.demonstration ?? false,
    entities: new Set(Object.keys(file.books)),
    deadline: file.deadline,
    policy: file.policy,
    atOnce: file.atOnce,
    breaker: file.breaker,
    // Of a mirrored source the copy that answers is the mirror itself.
    copy: file.policy === 'stale' ? new LastGoodCopy({ ...stores, id: file.id, definitions, form: isMirrored(file) ? undefined : form }) : undefined,
    open,
  };
}

/** The park's own register: LIVE, for the copy is looked after at every ask. */
export function registerMirror(feed: MirrorFeed, { store, clock, onStatement }: Surroundings): MirrorDeclaration {
  return { id: REGISTER, open: async () => new MirroredSource({ id: REGISTER, how: 'LIVE', isAlone: true, feed, store, clock, onStatement }) };
}

export function mirror(source: LoadedSource, surroundings: Surroundings): MirrorDeclaration {
  const { id, sync, timeZone, deadline, policy } = source.file;
  const { store, clock, onStatement } = surroundings;
  const open = async (): Promise<MirroredSource> =>
    new MirroredSource({
      id,
      how: 'MIRRORED',
      feed: feedOf(source, surroundings),
      store,
      clock,
      onStatement,
      isScheduled: sync !== undefined,
      keepsWhole: policy === 'stale',
      // Who asks gets the older copy in time, where there is one.
      patience: deadline / 2,
    });
  return { id, schedule: sync && { pattern: sync.schedule, timeZone }, open };
}

function feedOf({ file, folder }: LoadedSource, { environment, clock, version, identified, onStatement = () => undefined }: Surroundings): MirrorFeed {
  const definitions = definitionsByName(identified.get(file.id));
  switch (file.connector) {
    case 'file':
      return dropFeed(openDrop(file.id, folder, file), file, definitions, version);
    case 'sql':
      return sqlFeed({ file, openDatabase: () => openDatabase(file, folder, environment), definitions, version, clock, onStatement });
    case 'http': {
      const client = new HttpClient({
        source: file.id,
        url: secret(file, environment, file.url.env),
        token: secret(file, environment, file.token.env),
        tokenHeader: file.token.header,
        deadline: file.deadline,
        patience: FOR_A_COPY,
      });
      return httpFeed({ file, client, definitions, version, clock, onStatement });
    }
  }
}

export async function openLive({ file, folder }: LoadedSource, { environment, clock, identified, onStatement }: Surroundings): Promise<Source> {
  const definitions = definitionsByName(identified.get(file.id));
  switch (file.connector) {
    case 'sql':
      return new LiveSqlSource({ file, definitions, database: await openDatabase(file, folder, environment), clock, onStatement });
    case 'http':
      return createHttpSource({
        id: file.id,
        file,
        url: secret(file, environment, file.url.env),
        token: secret(file, environment, file.token.env),
        definitions: definitions.values(),
        onStatement: onStatement ?? (() => undefined),
        clock,
      });
    case 'file':
      throw new Error(`${file.id}: files are never read live.`);
  }
}

/** Every definition as a source holds it. */
function definitionsByName(identified: ReadonlyMap<string, IdentifiedAttributes> | undefined): ReadonlyMap<string, EntityDefinition> {
  return new Map(allDefinitions().map((definition) => [definition.name, designated(definition, identified?.get(definition.name))]));
}

function openDatabase(file: SqlSourceFile, folder: string, environment: Environment): Promise<SqlDatabase> {
  return openPartnerDatabase(file, folder, (name) => secret(file, environment, name));
}

function secret(file: SourceFile, environment: Environment, name: string): string {
  const value = environment.secret(name);
  if (value === undefined) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} needs ${name} in the environment of the hub, and it is not set.`);
  return value;
}
