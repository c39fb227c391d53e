/**
 * Unpacks a zip archive without trusting it.
 *
 * A workbook of 40 KB can inflate to gigabytes, and an archive can say one thing in its directory and another in its
 * entries, so that what was checked is not what is parsed. Here the directory alone is read, every byte that comes out is
 * counted while it comes out, and the parser is later given only what came out (see `workbook.ts`).
 */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

const END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const MOST_ENTRIES = 10_000;

/** Why an archive was refused: what was expected and what came. */
export class ZipError extends Error {}

/**
 * The wanted entries of an archive by name. Throws ZipError when the archive is damaged, encrypted or ambiguous, or when
 * the wanted entries together inflate to more than `maximumBytes`.
 */
export async function unzip(archive: Buffer, wanted: (name: string) => boolean, maximumBytes: number): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  let left = maximumBytes;
  for (const entry of directory(archive)) {
    if (!wanted(entry.name)) continue;
    if (entries.has(entry.name)) throw new ZipError('two entries of the archive have one name.');
    const content = await contentOf(archive, entry, left, maximumBytes);
    left -= content.length;
    entries.set(entry.name, content);
  }
  return entries;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

function directory(archive: Buffer): Entry[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > archive.length || archive.readUInt32LE(end) !== END) throw new ZipError('the archive has no directory: was the file cut off?');
  const count = archive.readUInt16LE(end + 10);
  let position = archive.readUInt32LE(end + 16);
  if (count > MOST_ENTRIES || position === 0xffffffff) throw new ZipError(`expected at most ${MOST_ENTRIES} entries in the archive, but got: more.`);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    if (position + 46 > archive.length || archive.readUInt32LE(position) !== DIRECTORY_ENTRY) throw new ZipError('the directory of the archive is damaged.');
    if (archive.readUInt16LE(position + 8) & 1) throw new ZipError('the archive is encrypted. Save the file without a password.');
    const nameLength = archive.readUInt16LE(position + 28);
    entries.push({
      name: archive.toString('utf8', position + 46, position + 46 + nameLength),
      method: archive.readUInt16LE(position + 10),
      packed: archive.readUInt32LE(position + 20),
      unpacked: archive.readUInt32LE(position + 24),
      offset: archive.readUInt32LE(position + 42),
    });
    position += 46 + nameLength + archive.readUInt16LE(position + 30) + archive.readUInt16LE(position + 32);
  }
  return entries;
}

async function contentOf(archive: Buffer, entry: Entry, left: number, maximumBytes: number): Promise<Buffer> {
  const { offset } = entry;
  if (offset + 30 > archive.length || archive.readUInt32LE(offset) !== LOCAL_ENTRY) throw new ZipError('an entry of the archive is damaged.');
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  if (start + entry.packed > archive.length) throw new ZipError('an entry of the archive is cut off.');
  const packed = archive.subarray(start, start + entry.packed);
  if (entry.unpacked > left) throw tooBig(maximumBytes);
  const content = entry.method === 0 ? packed : await inflateWithin(packed, left, entry.method, maximumBytes);
  if (content.length !== entry.unpacked) throw new ZipError('an entry of the archive does not have the size that the directory states.');
  return content;
}

async function inflateWithin(packed: Buffer, left: number, method: number, maximumBytes: number): Promise<Buffer> {
  if (method !== 8) throw new ZipError(`expected entries packed by deflate, but got: method ${method}.`);
  try {
    return await inflate(packed, { maxOutputLength: Math.max(left, 1) });
  } catch (error) {
    if (error instanceof RangeError) throw tooBig(maximumBytes);
    throw new ZipError('an entry of the archive cannot be unpacked.', { cause: error });
  }
}

function tooBig(maximumBytes: number): ZipError {
  return new ZipError(`expected at most ${maximumBytes / 1024 / 1024} MiB when unpacked, but got: more.`);
}
