/** Counts the rows of an export as they pass, and knows whether it came to its end. */
import { Transform, type TransformCallback } from 'node:stream';

const [QUOTE, LINE_FEED] = [0x22, 0x0a];

/** Passes an export on as it is. */
export class RowCounter extends Transform {
  private lines = 0;
  private isQuoted = false;
  /** The last line, as far as it has come. */
  private tail: Buffer[] = [];
  private last = '';
  /** Called when more rows have passed. */
  told: () => void = () => undefined;

  constructor(private readonly format: 'csv' | 'jsonl') {
    super();
  }

  /** Rows so far: a table has a head, and JSON Lines have an end. */
  get rows(): number {
    return Math.max(0, this.lines - (this.format === 'csv' || this.verdict ? 1 : 0));
  }

  /** Why the export broke off, as its last line says it. */
  get reason(): string | undefined {
    return this.verdict?.reason;
  }

  /** Throws where JSON Lines have no end; that a table came to its end is for the connection to say. */
  check(): void {
    if (this.format === 'jsonl' && !this.verdict?.isWhole) throw new Error('Expected a last line with extensions, but got none.');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      // Neither byte is part of another character in UTF-8.
      if (chunk[at] === QUOTE && this.format === 'csv') this.isQuoted = !this.isQuoted;
      if (chunk[at] !== LINE_FEED || this.isQuoted) continue;
      this.lines += 1;
      if (this.format === 'jsonl') this.last = Buffer.concat([...this.tail, chunk.subarray(from, at)]).toString('utf8');
      this.tail = [];
      from = at + 1;
    }
    if (this.format === 'jsonl') this.tail.push(chunk.subarray(from));
    this.told();
    done(null, chunk);
  }

  /** What the last line says of the export, where it is no row. */
  private get verdict(): { readonly isWhole: boolean; readonly reason?: string } | undefined {
    if (!/^\{"(extensions|errors)":/.test(this.last)) return undefined;
    const { extensions, errors } = JSON.parse(this.last) as { extensions?: { export?: object }; errors?: { message?: string }[] };
    if (extensions?.export) return { isWhole: true };
    const reason = errors?.[0]?.message;
    return reason === undefined ? undefined : { isWhole: false, reason: reason.replace(/\.$/, '') };
  }
}
