import type { Configuration } from './configuration.ts';

/**
 * Gives a configuration its types: an unknown zone or role, a misspelt key or a bad duration is an error in the editor.
 * Everything else is said at synth.
 */
export function defineRoles<
  const ZoneKey extends string,
  const RoleName extends string,
  const OpenZone extends ZoneKey = never,
>(configuration: Configuration<ZoneKey, RoleName, OpenZone>): Configuration {
  return configuration;
}
