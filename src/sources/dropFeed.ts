/** A partner's drop folder as the feed of a mirrored source. */
import { createHash } from 'node:crypto';
import type { FileSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import type { Drop } from './connectors/file/drop.js';
import { type Layout, layoutOf } from './drift.js';
import { createMapper, type RawRecord } from './mapping.js';
import type { MirrorFeed } from './mirror.js';
import { SourceError } from './source.js';

/** The feed of a drop; it changes with the files, with their mapping, and with the hub's version. */
export function dropFeed(drop: Drop, file: FileSourceFile, definitions: ReadonlyMap<string, EntityDefinition>, version: string): MirrorFeed {
  const books = Object.entries(file.books).map(([entity, mapping]) => {
    const definition = definitions.get(entity);
    if (!definition) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} declares a book of ${entity}, which the hub does not know.`);
    return { definition, mapping };
  });
  // As the mapping says, before the columns were looked at.
  let layouts = new Map<string, Layout>(books.map(({ definition, mapping }) => [definition.name, { mapping, drift: undefined }]));
  let lookedAt: string | undefined;
  const whole = new Map<string, readonly string[]>();
  const layoutFor = async ({ definition, mapping }: (typeof books)[number]): Promise<[string, Layout]> => {
    const present = await drop.columns(definition.name);
    const layout = layoutOf(definition, mapping, { present, before: whole.get(definition.name) });
    if (!layout.drift) whole.set(definition.name, present);
    return [definition.name, layout];
  };
  const bookOf = (definition: EntityDefinition): Layout => {
    const layout = layouts.get(definition.name);
    if (!layout) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} holds no book of ${definition.name}.`);
    return layout;
  };
  return {
    definitions: books.map(({ definition }) => definition),
    checksLinks: false,
    fingerprint: async () =>
      createHash('sha256')
        .update(JSON.stringify([version, file, await drop.fingerprint()]))
        .digest('hex'),
    asOf: () => drop.asOf(),
    drifts: async (fingerprint) => {
      if (lookedAt !== fingerprint) {
        const found: [string, Layout][] = [];
        // One after the other: several books may lie in one workbook, which is unpacked for each.
        for (const book of books) found.push(await layoutFor(book));
        layouts = new Map(found);
        lookedAt = fingerprint;
      }
      return new Map([...layouts].flatMap(([entity, { drift }]) => (drift ? [[entity, drift]] : [])));
    },
    records: (definition) => {
      const { mapping, drift } = bookOf(definition);
      return drift?.unreadable ? nothing() : drop.read(definition.name, mapping);
    },
    mapper: (definition) => {
      const { mapping, drift } = bookOf(definition);
      const readable = drift?.unreadable ? (file.books[definition.name] ?? mapping) : mapping;
      return createMapper(definition, readable, { id: file.id, timeZone: file.timeZone, how: 'MIRRORED' });
    },
  };
}

async function* nothing(): AsyncGenerator<RawRecord> {}
