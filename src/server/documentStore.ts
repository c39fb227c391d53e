/** Documents that were parsed and found valid, so that each is so once: those asked last, within a bound in bytes. */
import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode } from 'graphql';

type Store = NonNullable<ApolloServerOptions<object>['documentStore']>;

/** Bytes of all documents; Apollo Server's own store lets the heap grow to four times as much as it counts. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Bytes of heap that a character of a document's text becomes, and a document whatever its length. */
const BYTES_OF_CHARACTER = 56;
const BYTES_OF_DOCUMENT = 500;

/** A store for Apollo Server's `documentStore`. */
export class DocumentStore implements Store {
  /** The last used last. */
  private readonly documents = new Map<string, DocumentNode>();
  private bytes = 0;

  constructor(private readonly mostBytes = MOST_BYTES) {}

  async get(key: string): Promise<DocumentNode | undefined> {
    const document = this.documents.get(key);
    if (document) {
      this.documents.delete(key);
      this.documents.set(key, document);
    }
    return document;
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    await this.delete(key);
    this.documents.set(key, document);
    this.bytes += bytesOf(document);
    for (const oldest of this.documents.keys()) {
      if (this.bytes <= this.mostBytes) return;
      await this.delete(oldest);
    }
  }

  async delete(key: string): Promise<boolean> {
    const document = this.documents.get(key);
    if (document) this.bytes -= bytesOf(document);
    return this.documents.delete(key);
  }
}

function bytesOf({ loc }: DocumentNode): number {
  return BYTES_OF_DOCUMENT + BYTES_OF_CHARACTER * (loc?.source.body.length ?? 0);
}
