/** A partner's drop folder as the feed of a mirrored source. */
import { createHash } from 'node:crypto';
import type { FileSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import type { Drop } from './connectors/file/drop.js';
import { createMapper } from './mapping.js';
import type { MirrorFeed } from './mirror.js';
import { SourceError } from './source.js';

/** The feed of a drop; it changes with the files, with their mapping, and with the hub's version. */
export function dropFeed(drop: Drop, file: FileSourceFile, definitions: ReadonlyMap<string, EntityDefinition>, version: string): MirrorFeed {
  const books = Object.entries(file.books).map(([entity, mapping]) => {
    const definition = definitions.get(entity);
    if (!definition) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} declares a book of ${entity}, which the hub does not know.`);
    return { definition, mapping };
  });
  return {
    definitions: books.map(({ definition }) => definition),
    checksLinks: false,
    fingerprint: async () =>
      createHash('sha256')
        .update(JSON.stringify([version, file, await drop.fingerprint()]))
        .digest('hex'),
    asOf: () => drop.asOf(),
    records: (definition) => drop.read(definition.name),
    mapper: (definition) => {
      const book = books.find((entry) => entry.definition === definition);
      if (!book) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} holds no book of ${definition.name}.`);
      return createMapper(definition, book.mapping, { id: file.id, timeZone: file.timeZone, how: 'MIRRORED' });
    },
  };
}
