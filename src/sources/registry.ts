/**
 * The sources of a hub: each opened when it is first asked, tried again when it could not be, and kept by its guard from
 * costing an answer more than its own rows. What an answer does without a source is the source's policy: `partial` goes
 * without its rows, `stale` takes those of its last good copy, `fail` fails.
 */
import type { EntityDefinition } from '../entities/definition.js';
import type { Freshness } from '../entities/sourced.js';
import type { TimeBudget } from './budget.js';
import { DriftedError, driftedError, touches } from './drift.js';
import { Guard } from './guard.js';
import type { LastGoodCopy } from './lastGoodCopy.js';
import { type Answering, type Drift, type Source, SourceError, type Survey } from './source.js';

/** What an answer does without a source. */
export type FaultPolicy = 'partial' | 'stale' | 'fail';

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
  /** `partial` unless told. */
  readonly policy?: FaultPolicy;
  /** Asks that run at once; 8 unless told. */
  readonly atOnce?: number;
  /** After so many failures in a row (5 unless told) it is left alone for so many milliseconds (5,000 unless told). */
  readonly breaker?: { readonly failures: number; readonly rest: number };
  /** What answers in its place, where the policy is `stale`. */
  readonly copy?: LastGoodCopy | undefined;
  /** Says who the companies are that a book names without a USCC; what is copied of it keeps the partner's own names. */
  readonly identify?: ((entity: string, source: Answering) => Answering) | undefined;
  open(): Promise<Source>;
}

/** What an ask is about: the policy asks whether a drifted book still has it. */
export interface Asked {
  readonly entity: string;
  /** The attributes that are wanted of its rows. */
  readonly attributes: readonly string[];
}

/** An answer, and who gave it. */
export interface Answered<T> {
  readonly value: T;
  /** LAST_GOOD_COPY where that answered. */
  readonly how: Freshness;
  /** As of when the rows speak. */
  readonly asOf: string;
  /** Where the source's own book has changed its columns. */
  readonly drift: Drift | undefined;
  /** What the source says of its book beside the rows, for people. */
  readonly note?: string | undefined;
  /** Why the last good copy answered in the source's place. */
  readonly fault?: SourceError;
}

/** Called with what the sources do beside answering: a copy that could not be taken. */
export type TroubleListener = (error: SourceError) => void;

/** A survey reads whole books: it may take so many times as long as an ask. So may the taking of a copy. */
const SURVEY_PATIENCE = 12;
/** How old a last good copy may grow while its source is asked, in milliseconds. */
const COPY_LASTS = 300_000;
const AT_ONCE = 8;
const BREAKER = { failures: 5, rest: 5_000 };

/** One source of the registry. */
export class RegisteredSource {
  private readonly guard: Guard;
  private opening?: Promise<Source> | undefined;
  private isOpen = false;
  private copying?: Promise<void> | undefined;
  private copyTriedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly declaration: SourceDeclaration,
    private readonly clock: () => Date,
    private readonly onTrouble: TroubleListener = () => undefined,
  ) {
    const { id, atOnce = AT_ONCE, breaker = BREAKER } = declaration;
    this.guard = new Guard({ id, atOnce, ...breaker, clock });
  }

  get id(): string {
    return this.declaration.id;
  }

  get policy(): FaultPolicy {
    return this.declaration.policy ?? 'partial';
  }

  /** Whether it failed so often that it is left alone for now. */
  get isResting(): boolean {
    return this.guard.isResting;
  }

  /**
   * Does the work with the open source, within its deadline (in milliseconds) and the operation's time. Throws a SourceError
   * for whatever goes wrong, and an OperationStopped when the operation is over.
   */
  ask<T>(work: (source: Source, signal: AbortSignal) => Promise<T>, deadline = this.declaration.deadline, budget?: TimeBudget): Promise<T> {
    return this.guard.run(async (signal) => work(await this.open(), signal), deadline, budget);
  }

  /**
   * The answer of the source; under `stale` that of its last good copy, where the source fails or its book lacks what is
   * asked of it. Throws a SourceError where neither answers, and an OperationStopped when the operation is over.
   *
   * @param known why the source is not to be asked at all
   * @param budget the time of the operation that asks
   */
  async answer<T>(asked: Asked, work: (source: Answering, signal: AbortSignal) => Promise<T>, known?: SourceError, budget?: TimeBudget): Promise<Answered<T>> {
    let answered: Answered<T> | undefined;
    let fault: SourceError;
    try {
      if (known) throw known;
      answered = await this.ask(
        async (open, signal) => ({
          value: await work(this.identified(asked.entity, open), signal),
          how: open.how,
          asOf: open.asOf(),
          drift: open.drift?.(asked.entity),
          note: open.note?.(asked.entity),
        }),
        this.declaration.deadline,
        budget,
      );
      this.renewCopy();
      if (this.policy !== 'stale' || !answered.drift || !touches(answered.drift, asked.attributes)) return answered;
      fault = driftedError(this.id, answered.drift);
    } catch (error) {
      if (this.policy !== 'stale' || !(error instanceof SourceError)) throw error;
      fault = error;
    }
    const copied = await this.askCopy(asked.entity, work, fault, budget);
    if (copied) return copied;
    if (answered) return answered;
    throw fault;
  }

  /**
   * Reads every row of every book and says what became of it; takes the last good copy anew where there is to be one.
   * Throws a SourceError, what `stopped` was aborted with, and an OperationStopped when the operation that asks is over.
   */
  async survey(stopped?: AbortSignal, budget?: TimeBudget): Promise<{ source: Source; books: Survey[] }> {
    const surveyed = await this.ask(
      async (open, signal) => {
        stopped?.throwIfAborted();
        return { source: open, books: await open.survey(signal) };
      },
      this.declaration.deadline * SURVEY_PATIENCE,
      budget,
    );
    this.copyTriedAt = Number.NEGATIVE_INFINITY;
    this.renewCopy();
    await this.copying;
    return surveyed;
  }

  /** Closes the source, if it was opened; one that is still opening is closed as soon as it is open, and not waited for. */
  async close(): Promise<void> {
    const closed = this.opening?.then(
      (source) => source.close(),
      () => undefined,
    );
    if (this.isOpen) await closed;
    else closed?.catch(() => undefined);
    await this.copying;
  }

  private identified(entity: string, source: Answering): Answering {
    return this.declaration.identify?.(entity, source) ?? source;
  }

  private async open(): Promise<Source> {
    this.opening ??= this.declaration.open();
    try {
      const source = await this.opening;
      this.isOpen = true;
      return source;
    } catch (error) {
      this.opening = undefined;
      // What cannot be opened need not fail several times before it is left alone.
      this.guard.giveUp();
      throw error;
    }
  }

  private async askCopy<T>(
    entity: string,
    work: (source: Answering, signal: AbortSignal) => Promise<T>,
    fault: SourceError,
    budget: TimeBudget | undefined,
  ): Promise<Answered<T> | undefined> {
    const signal = budget?.signal ?? new AbortController().signal;
    try {
      const copy = await this.declaration.copy?.of(entity);
      if (!copy) return undefined;
      const drift = fault instanceof DriftedError ? fault.drift : undefined;
      return { value: await work(this.identified(entity, copy), signal), how: copy.how, asOf: copy.asOf(), drift, fault };
    } catch (error) {
      signal.throwIfAborted();
      throw new SourceError(this.id, fault.reason, `${fault.message} Its last good copy cannot be read either.`, { cause: error });
    }
  }

  /** Takes the copy anew where it is due. No answer waits for it, and what goes wrong with it costs none. */
  private renewCopy(): void {
    const { copy, deadline } = this.declaration;
    const now = this.clock().getTime();
    if (this.policy !== 'stale' || !copy?.isTaken || this.copying || now - this.copyTriedAt < COPY_LASTS) return;
    this.copyTriedAt = now;
    this.copying = this.ask((open, signal) => copy.take(open, signal), deadline * SURVEY_PATIENCE)
      .catch((error: SourceError) => this.onTrouble(error))
      .finally(() => {
        this.copying = undefined;
      });
  }
}

/** All sources of a hub, in the order of their ids. */
export class SourceRegistry {
  private readonly sources: ReadonlyMap<string, RegisteredSource>;

  constructor(declarations: readonly SourceDeclaration[], clock: () => Date, onTrouble?: TroubleListener) {
    this.sources = new Map(declarations.map((declaration) => [declaration.id, new RegisteredSource(declaration, clock, onTrouble)]));
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
