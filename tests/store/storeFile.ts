import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type Store } from '../../src/store/store.js';
import { temporaryFolder } from '../sources/sqlPartner.js';

/** A store in a file, closed after the test at the latest. */
export async function opened(file = join(temporaryFolder(), 'store.db')): Promise<Store & { readonly file: string }> {
  const store = await openStore(file);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await store.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...store, close, file };
}
