import type { Configuration } from './configuration.ts';

/**
 * Gives a configuration its types: an unknown zone, a misspelt key or a bad duration is an error in the editor.
 * Everything else is said at synth.
 */
export function defineRoles<const ZoneKey extends string>(configuration: Configuration<ZoneKey>): Configuration {
  return configuration;
}
