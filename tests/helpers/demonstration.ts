/** The demonstration park as `npm start` serves it: its authorizations recorded, a token for each kind of viewer. */
import pino from 'pino';
import { recordDemonstrationAuthorizations } from '../../src/cli/demonstrationAuthorizations.js';
import { type DemonstrationToken, issueDemonstrationTokens } from '../../src/cli/demonstrationTokens.js';
import { loadPark } from '../../src/config/park.js';
import { demoPark, openTestHub, type TestHub, type TestHubOptions } from './hub.js';
import { anyone } from './viewers.js';

/** A demonstration that has started. */
export interface Demonstration extends TestHub {
  /** How many authorizations its start recorded. */
  readonly recorded: number;
  readonly tokens: readonly DemonstrationToken[];
  /** The token of a viewer, by how it is called: "bank icbc". Throws where nobody was given one. */
  tokenOf(viewer: string): string;
}

/** Starts the demonstration; who sends no token is anyone. */
export async function startDemonstration(options: TestHubOptions = {}): Promise<Demonstration> {
  const parkFolder = options.parkFolder ?? demoPark;
  const loaded = await loadPark(parkFolder);
  if (!loaded.ok) throw new Error('Expected the demonstration park.');
  const opened = await openTestHub({ viewer: anyone, ...options });
  const park = {
    hub: opened.hub,
    demonstration: loaded.park.demonstration,
    partners: new Map(loaded.sources.map(({ file: { id, partner } }) => [id, partner.kind] as const)),
    log: pino({ level: 'silent' }),
  };
  try {
    const recorded = await recordDemonstrationAuthorizations(parkFolder, park);
    const tokens = await issueDemonstrationTokens(park);
    const tokenOf = (viewer: string): string => {
      const found = tokens.find((issued) => issued.viewer === viewer);
      if (!found) throw new Error(`Expected a token of ${viewer}, but got those of ${tokens.map((issued) => issued.viewer).join(', ')}.`);
      return found.token;
    };
    return { ...opened, recorded, tokens, tokenOf };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
