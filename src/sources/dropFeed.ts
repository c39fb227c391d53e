/** A partner's drop folder as the feed of a mirrored source. */
import { createHash } from 'node:crypto';
import type { FileSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import type { Drop } from './connectors/file/drop.js';
import { missingFile } from './connectors/file/dropFiles.js';
import { keepsRowFilters } from './connectors/rowFilter.js';
import { lacksOfSparse, layoutOf } from './drift.js';
import { createMapper } from './mapping.js';
import { SourceError } from './source.js';
import { chainPlan } from './sync/chainPlan.js';
import type { AppliedFiles, BookDelivery, MirrorFeed } from './sync/feed.js';
import { type FeedBook, Layouts } from './sync/layouts.js';

/** The feed of a drop; it changes with the files, with their mapping, and with the hub's version. */
export function dropFeed(drop: Drop, file: FileSourceFile, definitions: ReadonlyMap<string, EntityDefinition>, version: string): MirrorFeed {
  const books = Object.entries(file.books).map(([entity, mapping]): FeedBook => {
    const definition = definitions.get(entity);
    if (!definition) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} declares a book of ${entity}, which the hub does not know.`);
    return { definition, mapping };
  });
  const layouts = new Layouts({
    source: file.id,
    books,
    isPolled: false,
    lookAt: async ({ definition, mapping }, before) => {
      const header = await drop.columns(definition.name);
      if (!header) return { mapping, drift: undefined, present: before ?? [] };
      const { names, isComplete } = header;
      const has = new Set(names);
      const lacks = isComplete ? {} : { lacks: lacksOfSparse(definition, (column) => has.has(column), before) };
      return { ...layoutOf(definition, mapping, { present: names, before, ...lacks }), present: names };
    },
  });
  return {
    definitions: books.map(({ definition }) => definition),
    isPolled: false,
    checksLinks: false,
    mayRepeat: false,
    fingerprint: async () => hashOf([version, file, await drop.fingerprint()]),
    drifts: layouts.look,
    deliver: async (applied) => {
      const deliveries = await Promise.all(
        books.map(({ definition }) => deliver(drop, { definition, mapping: layouts.readable(definition) }, [version, file.timeZone], applied)),
      );
      // Files of changes may have been taken away since they were applied: their names still say until when they spoke.
      const stated = deliveries.flatMap(({ files }) => files.map((entry) => drop.endOf(drop.dayOf(entry.file))));
      if (deliveries.some(({ files }) => files.length === 0)) stated.push(await drop.asOf());
      const asOf = stated.sort().at(-1) as string;
      return { asOf, books: deliveries };
    },
    mapper: (definition) => createMapper(definition, layouts.readable(definition), { id: file.id, timeZone: file.timeZone, how: 'MIRRORED' }),
  };
}

async function deliver(drop: Drop, { definition, mapping }: FeedBook, form: readonly string[], applied: AppliedFiles): Promise<BookDelivery> {
  const { changes } = mapping;
  const part = (name: string, whole: boolean): BookDelivery['parts'][number] => ({
    file: name,
    records: () => drop.read(definition.name, { file: name, mapping }),
    closes: (record) => !whole && changes?.closes !== undefined && keepsRowFilters(record.cells, changes.closes),
  });
  const found = await drop.files(definition.name);
  if (!changes) return { definition, whole: true, parts: found.map(({ name }) => part(name, true)), files: [] };
  const before = applied.get(definition.name) ?? [];
  const last = before.find((entry) => entry.whole);
  // Of a whole book that was taken away since, the changes up to its day are in it.
  const since = last && !found.some((entry) => entry.whole) ? drop.dayOf(last.file) : '';
  const files = found
    .filter((entry) => entry.whole || entry.day > since)
    .map(({ name, whole, fingerprint, joined }) => ({ file: name, whole, fingerprint, form: hashOf([...form, mapping, joined]) }));
  if (files.length === 0 && before.length === 0) throw missingFile(drop.sourceId, 'file' in mapping.from ? mapping.from.file : changes.file);
  const plan = chainPlan(before, files, (name) => drop.dayOf(name));
  return { definition, whole: plan.whole, parts: plan.read.map((entry) => part(entry.file, entry.whole)), files: plan.files };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
