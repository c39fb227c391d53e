/** Hashes of files by content, made anew only when a file may have changed. */
import { createHash } from 'node:crypto';
import { MOST_BYTES, openWithoutWaiting } from './tableFile.js';

/** A file that was written to so shortly before it was hashed may be written to again within the grain of its times. */
const GRAIN = 2_000;

interface Known {
  readonly state: string;
  readonly hash: string;
}

/** Remembers the hash of each file that it was asked for. */
export class ContentHashes {
  private readonly known = new Map<string, Known>();

  /**
   * The SHA-256 of a file's content; of what is no ordinary file or is longer than any that is read, a text without it: the
   * reading says what is wrong. Rejects with what the system says when the file cannot be read.
   */
  async of(path: string): Promise<string> {
    const handle = await openWithoutWaiting(path);
    try {
      const stats = await handle.stat();
      const { size, mtimeMs, ctimeMs, ino, dev } = stats;
      if (!stats.isFile() || size > MOST_BYTES.csv) return `no file, or too long: ${size}`;
      const state = [size, mtimeMs, ctimeMs, ino, dev].join(' ');
      const known = this.known.get(path);
      if (known?.state === state) return known.hash;
      const hash = createHash('sha256');
      for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) hash.update(chunk as Buffer);
      const digest = hash.digest('hex');
      // Times are the file system's own: only their distance to its present would do, and this is the nearest to it.
      if (Math.abs(Date.now() - Math.max(mtimeMs, ctimeMs)) > GRAIN) this.known.set(path, { state, hash: digest });
      else this.known.delete(path);
      return digest;
    } finally {
      await handle.close();
    }
  }
}
