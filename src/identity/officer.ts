import { HubError } from '../schema/errors.js';

const LONGEST_OFFICER = 100;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/** The name of an officer as it is kept on record. Throws a HubError where it is none. */
export function officerName(by: string): string {
  const name = by.trim();
  if (name !== '' && [...name].length <= LONGEST_OFFICER && !UNPRINTABLE.test(name)) return name;
  const got = name === '' ? 'none' : 'another text';
  throw new HubError('BAD_USER_INPUT', `by: expected the name of the officer, 1 to ${LONGEST_OFFICER} printable characters, but got: ${got}.`);
}
