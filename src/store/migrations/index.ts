/** The store's migrations, oldest first. A released migration is never changed; a change is a new one. */
import type { MixedList } from 'typeorm';
import { InitialStore1790000000000 } from './1790000000000-initialStore.js';
import { SyncRuns1790100000000 } from './1790100000000-syncRuns.js';
import { FaultsOfSources1790200000000 } from './1790200000000-faultsOfSources.js';
import { Aliases1790300000000 } from './1790300000000-aliases.js';
import { StatedFacts1790400000000 } from './1790400000000-statedFacts.js';
import { HubTokens1790500000000 } from './1790500000000-hubTokens.js';
import { Authorizations1790600000000 } from './1790600000000-authorizations.js';
import { LinkIndices1790750000000 } from './1790750000000-linkIndices.js';

export const migrations = [
  InitialStore1790000000000,
  SyncRuns1790100000000,
  FaultsOfSources1790200000000,
  Aliases1790300000000,
  StatedFacts1790400000000,
  HubTokens1790500000000,
  Authorizations1790600000000,
  LinkIndices1790750000000,
] satisfies MixedList<new () => object>;
