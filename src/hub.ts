/** The hub: a park's folder, its store and its sources, behind one schema. */
import type { GraphQLSchema } from 'graphql';
import type { ConfigProblem } from './config/problem.js';
import type { Survey } from './sources/source.js';

/** What `parkhub sources` and the graph's `sources` say of one source. */
export interface SourceStatus {
  readonly id: string;
  readonly title: string;
  readonly connector: 'sql' | 'file' | 'http' | 'store';
  readonly state: 'LIVE' | 'MIRRORED' | 'UNAVAILABLE';
  /** As of when its rows speak; null while it is unavailable. */
  readonly asOf: string | null;
  /** Why it is unavailable, for people; null else. */
  readonly message: string | null;
  /** What the last full reading found, by entity. */
  readonly books: readonly Survey[];
}

/** A hub that is open. */
export interface Hub {
  readonly parkId: string;
  readonly parkName: string;
  readonly schema: GraphQLSchema;
  /** What is wrong with park.yml or a source.yml; the hub runs without the sources concerned. */
  readonly problems: readonly ConfigProblem[];
  /** Surveys every source anew. */
  sourceStatuses(signal?: AbortSignal): Promise<SourceStatus[]>;
  /** The context of one operation: its loaders, its reports. */
  createContext(): object;
  close(): Promise<void>;
}
