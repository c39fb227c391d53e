import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import '../../src/entities/index.js';
import { openDrop } from '../../src/sources/connectors/file/drop.js';
import { dropFeed } from '../../src/sources/dropFeed.js';
import type { MirrorStore } from '../../src/sources/mirror.js';
import { type LoanLine, loanBook, loanFile, loanSource } from '../helpers/loanPark.js';
import { mirroredSource, newStore } from './memoryFeed.js';
import { loansAsk, never, temporaryFolder } from './sqlPartner.js';

const definitions = new Map(allDefinitions().map((definition) => [definition.name, definition]));

/** A bank's drop folder as a mirrored source over a store of its own. */
export async function droppedLoans(book: object = loanBook, given?: { folder: string; store: MirrorStore; version?: string }) {
  const folder = given?.folder ?? temporaryFolder();
  const store = given?.store ?? (await newStore());
  const file = sourceFileSchema.parse(loanSource(book)) as FileSourceFile;
  const mirrored = mirroredSource(dropFeed(openDrop('bank', folder, file), file, definitions, given?.version ?? '1'), store, 'bank');
  const query = (text: string): Promise<Record<string, unknown>[]> => store.reader.query(text) as Promise<Record<string, unknown>[]>;
  return {
    ...mirrored,
    folder,
    store,
    query,
    drop: (name: string, lines: readonly LoanLine[], withOperations = name.startsWith('变动')) =>
      writeFileSync(join(folder, name), loanFile(lines, withOperations)),
    remove: (name: string) => rmSync(join(folder, name)),
    sync: () => mirrored.source.sync({ by: 'tester' }),
    /** The balances that answers are made of, in 元, by loan. */
    balances: async () => {
      const rows = await mirrored.source.rows(loansAsk({ attributes: ['balance'] }), never());
      return Object.fromEntries(rows.map((row) => [row.key, Number(row.balance) / 100]));
    },
    /** Everything that the store holds of the source, but for the record of runs. */
    everything: async () => ({
      loans: await query('SELECT * FROM loan ORDER BY "key"'),
      quarantine: await query('SELECT source, entity, place, reason, raw, "key", file, sheet, line FROM quarantine ORDER BY place'),
      state: await query('SELECT entity, fingerprint, as_of, rows_read, rows_accepted FROM sync_state'),
      drops: await query('SELECT * FROM sync_drop ORDER BY position'),
    }),
  };
}
