/** What tenants of a demonstration park have authorised before it begins: recorded at its first start. No other park has any that nobody gave. */
import { PAST_AUTHORIZATIONS, readPastAuthorizations } from '../config/pastAuthorizations.js';
import { describeProblem } from '../config/problem.js';
import { HubError } from '../schema/errors.js';
import { CommandFailure } from './failure.js';
import type { OpenedPark } from './openPark.js';

const WHO = 'demonstration 演示';
/** The file gives days: they count from nine in the morning in the park. */
const OPENING = '01:00:00.000Z';

/**
 * Records the authorizations of the park's folder, each once: what a user of the demonstration has made of one since stays.
 *
 * @returns how many were recorded; none where the park is no demonstration
 * @throws CommandFailure wrongUse, with what is wrong in the file
 */
export async function recordDemonstrationAuthorizations(
  parkFolder: string,
  { hub, demonstration, partners, log }: Pick<OpenedPark, 'hub' | 'demonstration' | 'partners' | 'log'>,
): Promise<number> {
  if (!demonstration) return 0;
  const { past, problems } = await readPastAuthorizations(parkFolder);
  if (problems.length > 0) throw new CommandFailure('wrongUse', problems.map(describeProblem).join('\n'));
  const ofSources = past.filter(({ grantee }) => grantee === 'park' || partners.has(grantee));
  // Perhaps its source.yml is wrong, and it was left out: the others are there all the same.
  if (ofSources.length < past.length)
    log.warn(`${PAST_AUTHORIZATIONS}: ${past.length - ofSources.length} of ${past.length} are for sources that are not there.`);
  const kinds = { bank: 'BANK', investor: 'INVESTOR', park: 'PARK' } as const;
  try {
    return await hub.authorizations.recordPast(ofSources, (day, what, grantee) => ({
      by: WHO,
      kind: what === 'REQUESTED' ? kinds[partners.get(grantee) ?? 'park'] : 'PAPER',
      at: `${day}T${OPENING}`,
    }));
  } catch (error) {
    if (error instanceof HubError) throw new CommandFailure('wrongUse', `${PAST_AUTHORIZATIONS}: ${error.message}`, { cause: error });
    throw error;
  }
}
