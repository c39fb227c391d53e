/** The sources of a hub: each opened when it is first asked, and tried again when it could not be. */
import type { EntityDefinition } from '../entities/definition.js';
import { type Answering, type Source, SourceError } from './source.js';

/** What the registry is told of a source. */
export interface SourceDeclaration {
  readonly id: string;
  readonly title: string;
  readonly connector: 'sql' | 'file' | 'http' | 'store';
  /** Its rows are made up. */
  readonly demonstration: boolean;
  readonly entities: ReadonlySet<string>;
  /** Milliseconds that one ask may take. */
  readonly deadline: number;
  /** Says who the companies are that the source names without a USCC; none where it has one in every book. */
  readonly identify?: ((entity: string, source: Answering) => Answering) | undefined;
  open(): Promise<Source>;
}

/** How long a source that could not be opened is left alone, in milliseconds. */
const REST_AFTER_FAILURE = 5_000;

/** One source of the registry. */
export class RegisteredSource {
  private opening?: Promise<Source> | undefined;
  private isOpen = false;
  private failure?: { error: unknown; at: number };

  constructor(
    readonly declaration: SourceDeclaration,
    private readonly clock: () => Date,
  ) {}

  get id(): string {
    return this.declaration.id;
  }

  /** What answers asks of an entity's book, with the companies identified that it names otherwise than by a USCC. */
  identified(entity: string, source: Answering): Answering {
    return this.declaration.identify?.(entity, source) ?? source;
  }

  /** The open source. Throws what kept it from opening; the next try comes after a rest. */
  async open(): Promise<Source> {
    if (this.failure && this.clock().getTime() - this.failure.at < REST_AFTER_FAILURE) throw this.failure.error;
    this.opening ??= this.declaration.open();
    try {
      const source = await this.opening;
      this.isOpen = true;
      delete this.failure;
      return source;
    } catch (error) {
      this.opening = undefined;
      this.failure = { error, at: this.clock().getTime() };
      throw error;
    }
  }

  /** Does the work with the open source, within its deadline (in milliseconds). Throws a SourceError for whatever goes wrong. */
  async ask<T>(work: (source: Source, signal: AbortSignal) => Promise<T>, deadline = this.declaration.deadline): Promise<T> {
    const { id } = this.declaration;
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new SourceError(id, 'TIMED_OUT', `${id} did not answer within ${deadline} ms.`);
        controller.abort(error);
        reject(error);
      }, deadline);
    });
    try {
      // The race is for sources that cannot be stopped: the answer goes on without them.
      return await Promise.race([this.open().then((source) => work(source, controller.signal)), late]);
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError(id, 'REFUSED', `${id} failed; the log has the cause.`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes the source, if it was opened; one that is still opening is closed as soon as it is open, and not waited for. */
  async close(): Promise<void> {
    const closed = this.opening?.then(
      (source) => source.close(),
      () => undefined,
    );
    if (this.isOpen) await closed;
    else closed?.catch(() => undefined);
  }
}

/** All sources of a hub, in the order of their ids. */
export class SourceRegistry {
  private readonly sources: ReadonlyMap<string, RegisteredSource>;

  constructor(declarations: readonly SourceDeclaration[], clock: () => Date) {
    this.sources = new Map(declarations.map((declaration) => [declaration.id, new RegisteredSource(declaration, clock)]));
  }

  all(): RegisteredSource[] {
    return [...this.sources.values()];
  }

  get(id: string): RegisteredSource | undefined {
    return this.sources.get(id);
  }

  /** The sources that hold rows of an entity. */
  holding(definition: EntityDefinition): RegisteredSource[] {
    return this.all().filter((source) => source.declaration.entities.has(definition.name));
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((source) => source.close()));
  }
}
