/** Why a record changed, or why it did not. Prose for each code is in `lib/plan/render.ts`. */
export const CHANGE_REASONS = [
  'launched',
  'terminated',
  'stopped',
  'draining',
  'undrained',
  'sick',
  'healthy',
  'tagged',
  'untagged',
  'configured',
  'drift',
  'moved',
  'slot',
  'absent',
  'expired',
  'address',
  'retired',
] as const;
export type ChangeReason = (typeof CHANGE_REASONS)[number];

export const WITHHELD_REASONS = [
  'foreign-record',
  'not-allowed',
  'unknown-role',
  'name-taken',
  'invalid-name',
  'too-many',
  'cap',
  'no-address',
  'pool-empty',
  'pool-too-small',
  'address-held',
  'has-elastic-ip',
  'rejected',
  'hand-edited',
  'serial-unusable',
  'owner-taken',
  'no-health-check',
  'zone-gone',
  'access-denied',
] as const;
export type WithheldReason = (typeof WITHHELD_REASONS)[number];
