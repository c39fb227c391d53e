/** `parkhub migrate`: makes the store of a park ready for this version. */
import { readEnvironment } from '../config/environment.js';
import { storeFileOf } from '../hub.js';
import { openStore } from '../store/store.js';
import { requirePark } from './openPark.js';
import type { Terminal } from './terminal.js';

/**
 * Makes or migrates the store, and prints which migrations ran.
 * @throws CommandFailure wrongUse, when the folder is no park; StoreTooNewError.
 */
export async function migrateCommand(park: string, terminal: Terminal): Promise<void> {
  const loaded = await requirePark(park);
  const store = await terminal.progress('Preparing the store …', () => openStore(storeFileOf(readEnvironment(), loaded.park.id)));
  await store.close();
  if (store.migrated.length === 0) return terminal.print(`The store of ${loaded.park.id} is up to date.`);
  const count = store.migrated.length === 1 ? '1 migration' : `${store.migrated.length} migrations`;
  terminal.print(`Ran ${count} on the store of ${loaded.park.id}:\n${store.migrated.map((name) => `  ${name}`).join('\n')}`);
}
