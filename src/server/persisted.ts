/**
 * Persisted operations: the manifest that codegen writes of a front end's operations, each under the SHA-256 of its text.
 * A client sends the hash in the text's place. Nobody registers an operation by asking: what is in the manifest when the
 * hub starts is all there is.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

/** The manifest is not there, or is none. The message is one line for the person who started the hub. */
export class ManifestError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ManifestError';
  }
}

/** Operations by their hash, in hex. */
export type PersistedOperations = ReadonlyMap<string, string>;

const LARGEST_MANIFEST = 16 * 1024 * 1024;
const PREFIX = /^sha256:/;
const manifestSchema = z.record(z.string().regex(/^(sha256:)?[0-9a-f]{64}$/), z.string().min(1));

/** The text of a hash, with or without `sha256:` before it. */
export function operationOf(operations: PersistedOperations | undefined, hash: string): string | undefined {
  return operations?.get(hash.replace(PREFIX, ''));
}

/** Reads a manifest: `{"sha256:<64 hex digits>": "query …"}`. Throws a ManifestError where it is not one, or a hash is not its text's. */
export async function readManifest(file: string): Promise<PersistedOperations> {
  const expected = `PARKHUB_MANIFEST: expected the file of persisted operations that codegen writes, but`;
  let value: unknown;
  try {
    if ((await stat(file)).size > LARGEST_MANIFEST) throw new ManifestError(`${expected} ${file} is larger than 16 MiB.`);
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof ManifestError) throw error;
    throw new ManifestError(`${expected} ${file} ${error instanceof SyntaxError ? 'is no JSON' : 'cannot be read'}.`, { cause: error });
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw new ManifestError(`${expected} ${file} is no map of SHA-256 hashes to operations.`);
  const operations = new Map<string, string>();
  for (const [name, text] of Object.entries(parsed.data)) {
    const hash = name.replace(PREFIX, '');
    operations.set(hash, text);
    if (createHash('sha256').update(text).digest('hex') !== hash)
      throw new ManifestError(`${expected} in ${file} the text under ${hash.slice(0, 12)}… has another hash. Write it anew: npx graphql-codegen.`);
  }
  return operations;
}
