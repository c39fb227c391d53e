/** All mirrored sources of a hub: synced when someone says so, or by their schedules. */
import { Cron } from 'croner';
import type { MirroredSource } from '../mirror.js';
import { SourceError } from '../source.js';
import type { SyncRun } from './runs.js';
import type { SyncProgress } from './syncer.js';

/** A mirrored source, and when it is copied. */
export interface MirrorDeclaration {
  readonly id: string;
  /** The fields of cron, and the zone of its clock; none for a source that is looked at when it is asked. */
  readonly schedule?: { readonly pattern: string; readonly timeZone: string } | undefined;
  /** Rejects with a SourceError when it cannot be opened. */
  open(): Promise<MirroredSource>;
}

/** What became of the sync of one source. */
export interface SyncOutcome {
  readonly source: string;
  /** Undefined where the copy was what the source holds, and where the sync failed. */
  readonly run: SyncRun | undefined;
  readonly error?: SourceError;
}

/** What syncs are run with. */
export interface SyncOrder {
  /** Who has them run. */
  readonly by: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
}

/** How syncs go on by themselves. */
export interface SyncKeeping {
  /** Called after each run that read something or failed. */
  readonly onOutcome: (outcome: SyncOutcome) => void;
  /** Also looks every few seconds at sources without a schedule. */
  readonly watch?: boolean;
  /** Only these; all unless told. */
  readonly sources?: readonly string[] | undefined;
}

/** Syncs that go on until they are stopped. */
export interface KeptSyncs {
  /** Ends them; a run that is under way is given up, and leaves the old state. */
  stop(): Promise<void>;
}

/** How often a watched source is looked at, in milliseconds. */
const WATCH_EVERY = 2_000;

/** The mirrored sources of a hub. */
export class Mirrors {
  private readonly declarations: ReadonlyMap<string, MirrorDeclaration>;
  private readonly opened = new Map<string, Promise<MirroredSource>>();

  constructor(
    declarations: readonly MirrorDeclaration[],
    private readonly clock: () => Date,
  ) {
    this.declarations = new Map(declarations.map((declaration) => [declaration.id, declaration]));
  }

  get ids(): string[] {
    return [...this.declarations.keys()];
  }

  /** A mirrored source: the same one each time, once it could be opened. Rejects with a SourceError. */
  open(id: string): Promise<MirroredSource> {
    const known = this.opened.get(id);
    if (known) return known;
    const opening = this.declared(id).open();
    this.opened.set(id, opening);
    opening.catch(() => this.opened.delete(id));
    return opening;
  }

  /** Closes those that were opened: a run that is under way is given up, and leaves the old state. */
  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((opening) => opening.then((mirror) => mirror.close()).catch(() => undefined)));
  }

  /** Syncs the sources one after the other. Throws a SourceError for one that is not mirrored. */
  async sync(sources: readonly string[], order: SyncOrder): Promise<SyncOutcome[]> {
    const declarations = sources.map((id) => this.declared(id));
    const outcomes: SyncOutcome[] = [];
    for (const declaration of declarations) {
      order.signal?.throwIfAborted();
      outcomes.push(await this.syncOne(declaration.id, order));
    }
    return outcomes;
  }

  /** The last runs of a source, newest first; none of one that is not mirrored. */
  async runs(source: string, count: number): Promise<SyncRun[]> {
    return this.declarations.has(source) ? (await this.open(source)).runs(count) : [];
  }

  /** Syncs each source by its schedule; one whose time passed while nobody kept it is synced at once. */
  keep({ onOutcome, watch = false, sources = this.ids }: SyncKeeping): KeptSyncs {
    const stopping = new AbortController();
    const { signal } = stopping;
    const under = new Set<Promise<void>>();
    const jobs: { stop(): void }[] = [];
    for (const declaration of sources.map((id) => this.declared(id))) {
      const { schedule } = declaration;
      const sync = (): Promise<void> => {
        const running = this.syncOne(declaration.id, { by: schedule ? 'schedule' : 'watch', signal }).then((outcome) => {
          if (!signal.aborted && (outcome.run || outcome.error)) onOutcome(outcome);
        });
        under.add(running);
        return running.finally(() => under.delete(running));
      };
      if (schedule) {
        const job = new Cron(schedule.pattern, { timezone: schedule.timeZone, protect: true, mode: '5-or-6-parts' }, sync);
        jobs.push(job);
        under.add(this.catchUp(declaration.id, job, sync));
      } else if (watch) jobs.push(every(WATCH_EVERY, sync));
    }
    return {
      stop: async () => {
        stopping.abort();
        for (const job of jobs) job.stop();
        await Promise.all(under);
      },
    };
  }

  private async catchUp(id: string, job: Cron, sync: () => Promise<void>): Promise<void> {
    const [due] = job.previousRuns(1, this.clock());
    const [last] = await this.runs(id, 1).catch(() => []);
    if (due && (last?.startedAt ?? '') < due.toISOString()) await sync();
  }

  private async syncOne(id: string, order: SyncOrder): Promise<SyncOutcome> {
    try {
      return { source: id, run: await (await this.open(id)).sync(order) };
    } catch (error) {
      if (error instanceof SourceError) return { source: id, run: undefined, error };
      return { source: id, run: undefined, error: new SourceError(id, 'REFUSED', `${id} failed; the log has the cause.`, { cause: error }) };
    }
  }

  private declared(id: string): MirrorDeclaration {
    const declaration = this.declarations.get(id);
    if (!declaration) throw new SourceError(id, 'MISCONFIGURED', `expected one of the mirrored sources ${this.ids.join(', ')}, but got: ${id}.`);
    return declaration;
  }
}

/** Does the work, and again so many milliseconds after each end of it. */
function every(milliseconds: number, work: () => Promise<void>): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const turn = async (): Promise<void> => {
    await work();
    if (!isStopped) timer = setTimeout(turn, milliseconds);
  };
  void turn();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
