/** The stand-in for the APIs of a demonstration park's partners: without it two of its books would lead nowhere. */
import type { Environment } from '../config/environment.js';
import type { LoadedPark } from '../config/park.js';

/** A stand-in that runs. */
export interface StandIn {
  /** The environment in which the partners' addresses and tokens are the stand-in's; what was set before stays. */
  readonly environment: Environment;
  close(): Promise<void>;
}

/**
 * Starts the stand-in on loopback when the park is a demonstration and someone's address is not set. Nothing for any
 * other park: a real hub never asks anything but its partners.
 */
export async function startStandIn(loaded: Extract<LoadedPark, { ok: true }>, environment: Environment): Promise<StandIn | undefined> {
  if (!loaded.park.demonstration) return undefined;
  const addresses = loaded.sources.flatMap(({ file }) => (file.connector === 'http' ? [file.url.env] : []));
  if (addresses.every((name) => environment.secret(name) !== undefined)) return undefined;
  const { demonstrationData, startPartnerApi } = await import('../../demo/partner-api/server.js');
  const api = await startPartnerApi({ dataFolder: demonstrationData() });
  // An address and its token belong together: a partner whose address is set keeps both.
  const missing = Object.entries(api.environment).filter(([name]) => environment.secret(name.replace(/_TOKEN$/, '_URL')) === undefined);
  return { environment: environment.overlay(Object.fromEntries(missing)), close: () => api.close() };
}
