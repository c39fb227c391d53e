import { userInfo } from 'node:os';

/** The login name of whoever runs the command. */
export function whoRuns(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that the system has no name for.
    return 'unknown user';
  }
}
