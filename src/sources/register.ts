/**
 * The park's register as the feed of the source `park`: one CSV file for each entity, named by its plural, with the
 * attributes' names as headers; the park and its carriers out of park.yml, its partners out of each source.yml.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfinementError, confine } from '../config/confine.js';
import type { ParkFile } from '../config/parkFile.js';
import type { ConfigProblem } from '../config/problem.js';
import type { BookMapping, SourceFile } from '../config/sourceFile.js';
import { allDefinitions, definitionOf, type EntityDefinition } from '../entities/definition.js';
import { Bank, Carrier, Investor, Park } from '../entities/index.js';
import { ContentHashes } from './connectors/file/contentHash.js';
import { readTable } from './connectors/file/table.js';
import { createMapper, type RawRecord, type RawValue } from './mapping.js';
import { SourceError } from './source.js';
import { type MirrorFeed, statedBy } from './sync/feed.js';

/** The id of the source that the register is. */
export const REGISTER = 'park';

type Cells = Readonly<Record<string, RawValue>>;

/** The register's feed, and the files in it that are none of it. */
export async function registerFeed(
  folder: string,
  park: ParkFile,
  sources: readonly SourceFile[],
  version: string,
): Promise<{ feed: MirrorFeed; problems: ConfigProblem[] }> {
  const declared = new Map<EntityDefinition, readonly { place: string; cells: Cells }[]>([
    [definitionOf(Park), [{ place: 'park.yml', cells: { ...scalarsOf(park), key: park.id, observationMonths: park.assessment.observationMonths } }]],
    [definitionOf(Carrier), park.carriers.map((carrier) => ({ place: 'park.yml', cells: { ...carrier } }))],
    [definitionOf(Bank), partners(sources, 'bank')],
    [definitionOf(Investor), partners(sources, 'investor')],
  ]);
  const { files, problems } = await registerFiles(folder);
  const held = new Map<EntityDefinition, string>();
  for (const file of files) {
    const definition = allDefinitions().find((entry) => `${entry.plural}.csv` === file && !declared.has(entry) && !isPartners(entry));
    if (definition) held.set(definition, file);
    else
      problems.push({ file: `register/${file}`, line: 0, field: 'name', expected: 'the plural of an entity of the register, such as tenants.csv', got: file });
  }
  const definitions = [...declared.keys(), ...held.keys()];
  for (const [definition, file] of held) {
    const missing = definition.links
      .filter((link) => link.required && link.from !== 'source')
      .map((link) => definitionOf(link.target()))
      .find((target) => !definitions.includes(target));
    if (missing)
      problems.push({
        file: `register/${file}`,
        line: 0,
        field: 'rows',
        expected: `a file ${missing.plural}.csv beside it, whose rows they name`,
        got: 'nothing of this name',
      });
  }

  const hashes = new ContentHashes();
  const records = (definition: EntityDefinition): AsyncIterable<RawRecord> => {
    const file = held.get(definition);
    if (file !== undefined) return completed(definition, readTable(placeOf(folder, file), { file, format: 'csv' }, REGISTER));
    return each((declared.get(definition) ?? []).map(({ place, cells }): RawRecord => ({ place, cells })));
  };
  const feed: MirrorFeed = {
    definitions,
    isPolled: false,
    checksLinks: true,
    mayRepeat: false,
    fingerprint: async () => {
      const hash = createHash('sha256').update(
        JSON.stringify([version, definitions.map(({ name }) => name), park, sources.map(({ id, partner }) => [id, partner])]),
      );
      for (const file of held.values()) hash.update(file).update(await hashes.of(placeOf(folder, file)));
      return hash.digest('hex');
    },
    deliver: async () => ({
      asOf: park.asOf,
      books: definitions.map((definition) => ({ definition, whole: true, parts: [statedBy(() => records(definition), held.get(definition))], files: [] })),
    }),
    mapper: (definition) => createMapper(definition, ownMapping(definition), { id: REGISTER, timeZone: park.timeZone, how: 'LIVE' }),
  };
  return { feed, problems };
}

/** Whether its rows belong to the partner whose source holds them: the park is none. */
function isPartners(definition: EntityDefinition): boolean {
  return definition.links.some((link) => link.required && link.from === 'source');
}

/** Every column of ours by its own name. */
function ownMapping(definition: EntityDefinition): BookMapping {
  const names = [...definition.attributes.keys(), ...(definition.key ? [] : ['key'])];
  return { from: { file: `${definition.plural}.csv`, format: 'csv' }, columns: Object.fromEntries(names.map((name) => [name, { column: name }])) };
}

/** The rows with an empty cell for each attribute whose column the file may lack. */
async function* completed(definition: EntityDefinition, records: AsyncIterable<RawRecord>): AsyncGenerator<RawRecord> {
  const later = Object.fromEntries([...definition.attributes.values()].filter(({ mayLackColumn }) => mayLackColumn).map(({ name }) => [name, null]));
  for await (const record of records) yield { ...record, cells: { ...later, ...record.cells } };
}

function partners(sources: readonly SourceFile[], kind: 'bank' | 'investor'): { place: string; cells: Cells }[] {
  return sources
    .filter(({ partner }) => partner.kind === kind)
    .map(({ id, partner }) => ({ place: `${id}/source.yml`, cells: { uscc: null, cnapsPrefix: null, managerNumber: null, ...partner, code: id } }));
}

function scalarsOf(park: ParkFile): Cells {
  return Object.fromEntries(Object.entries(park).filter((entry): entry is [string, string | boolean] => typeof entry[1] !== 'object'));
}

/** The CSV files of the register; a park need not have one. */
async function registerFiles(folder: string): Promise<{ files: string[]; problems: ConfigProblem[] }> {
  try {
    const names = await readdir(join(folder, 'register'));
    return { files: names.filter((name) => name.endsWith('.csv') && !name.startsWith('.')).sort(), problems: [] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return {
      files: [],
      problems: code === 'ENOENT' ? [] : [{ file: 'register', line: 0, field: '', expected: 'a folder that can be read', got: `none (${code})` }],
    };
  }
}

/** Where a file of the register is. Throws a SourceError where it has gone, or leads out of the park's folder. */
function placeOf(folder: string, file: string): string {
  try {
    return confine(folder, join('register', file));
  } catch (error) {
    if (!(error instanceof ConfinementError)) throw error;
    throw new SourceError(REGISTER, 'UNREACHABLE', `register/${file}: ${error.message}.`, { cause: error });
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
