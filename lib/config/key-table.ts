/** What the reference and the JSON Schema say of a key. */
export interface KeyEntry {
  readonly values: string;
  readonly whenOmitted: string;
  readonly meaning: string;
}

const ONE_LABEL = 'one DNS label: lower-case letters, digits, `-`';
const DURATION = "a duration, `'1s'` to `'7d'` (units `s`, `m`, `h`, `d`)";
const TTL = 'How long resolvers may keep an answer.';
const WHEN_EMPTY =
  'What becomes of a name that no member serves. `keep` leaves the last addresses in place; it is refused where ' +
  'a name has public addresses that are not Elastic IPs.';
const DRIFT = 'What is done about a record of ours that someone else changed.';

/** Every key of the configuration, by path: `<…>` stands for a key of the user’s, `[]` for an item of a list. */
export const KEY_TABLE: Readonly<Record<string, KeyEntry>> = {
  $schema: { values: 'a text', whenOmitted: '–', meaning: 'The address of the JSON Schema, for editors; no effect.' },
  owner: {
    values: ONE_LABEL,
    whenOmitted: '`rolecall`',
    meaning: 'Tells installations that share a zone apart: the serial of the zone is kept under this name.',
  },
  zones: {
    values: 'an object, at least one zone',
    whenOmitted: 'required',
    meaning: 'The hosted zones that names go to.',
  },
  'zones.<key>': {
    values: 'an object; its key is a letter, then letters, digits, `-`, `_`',
    whenOmitted: '–',
    meaning: 'A hosted zone. Two zones may share a name only if one is private and the other is not.',
  },
  'zones.<key>.name': { values: 'a domain name', whenOmitted: 'required', meaning: 'The domain name of the zone.' },
  'zones.<key>.id': {
    values: '`Z` and capitals and digits',
    whenOmitted: 'the stack creates the zone',
    meaning: 'The id of a hosted zone that exists.',
  },
  'zones.<key>.private': {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'Whether it is a private hosted zone.',
  },
  'zones.<key>.vpcId': {
    values: 'the id of a VPC',
    whenOmitted: 'required for a private zone without `id`',
    meaning: 'The VPC of a private zone that the stack creates.',
  },
  defaults: { values: 'an object', whenOmitted: '–', meaning: 'What a role does where it says nothing itself.' },
  'defaults.ttl': { values: DURATION, whenOmitted: "`'60s'`", meaning: TTL },
  'defaults.whenEmpty': { values: '`remove`, `keep`', whenOmitted: '`remove`', meaning: WHEN_EMPTY },
  'defaults.drift': { values: '`repair`', whenOmitted: '`repair`', meaning: DRIFT },
  roles: { values: 'an object', whenOmitted: 'required', meaning: 'The roles that instances may claim.' },
  'roles.<role>': {
    values: `the key of a zone, or an object; its key is ${ONE_LABEL}`,
    whenOmitted: '–',
    meaning:
      'A role, by the value of the tag `rolecall:role`. A zone’s key alone means one name, `{role}`, in that zone.',
  },
  'roles.<role>.names': {
    values: 'a list, at least one',
    whenOmitted: 'required without `elasticIp`',
    meaning: 'The names of the role.',
  },
  'roles.<role>.names[]': { values: 'an object', whenOmitted: '–', meaning: 'A name in one zone.' },
  'roles.<role>.names[].zone': {
    values: 'the key of a zone',
    whenOmitted: 'required',
    meaning: 'The zone of the name.',
  },
  'roles.<role>.names[].name': {
    values: 'a name relative to the zone; `@` is its apex',
    whenOmitted: '`{role}`',
    meaning:
      'Members whose name reads the same share it. Placeholders: `{role}`, `{az}`, `{region}`, `{instanceId}`, `{ordinal}`.',
  },
  'roles.<role>.names[].address': {
    values: '`private`, `public`, `ipv6`, or a list of them',
    whenOmitted: '`private` in a private zone, `public` in a public one',
    meaning:
      'Which addresses the name gets: `private` and `public` give A records, `ipv6` gives AAAA. ' +
      'In a role with `elasticIp`, `public` means the Elastic IP only.',
  },
  'roles.<role>.names[].ttl': { values: DURATION, whenOmitted: 'the role’s', meaning: TTL },
  'roles.<role>.elasticIp': {
    values: 'an object with either `pool` or `allocationIds`',
    whenOmitted: 'none',
    meaning: 'The Elastic IPs that follow the role. An address belongs to one role.',
  },
  'roles.<role>.elasticIp.pool': {
    values: '1 to 256 characters',
    whenOmitted: '–',
    meaning: 'The addresses that carry this value in the tag `rolecall:pool`.',
  },
  'roles.<role>.elasticIp.allocationIds': {
    values: 'a list of allocation ids, at least one',
    whenOmitted: '–',
    meaning: 'The addresses themselves.',
  },
  'roles.<role>.elasticIp.succession': {
    values: '`oldest`',
    whenOmitted: '`oldest`',
    meaning: 'Who gets a vacant address: `oldest` is the member that has run for the longest time.',
  },
  'roles.<role>.ttl': { values: DURATION, whenOmitted: 'that of `defaults`', meaning: TTL },
  'roles.<role>.whenEmpty': { values: '`remove`, `keep`', whenOmitted: 'that of `defaults`', meaning: WHEN_EMPTY },
  'roles.<role>.drift': { values: '`repair`', whenOmitted: 'that of `defaults`', meaning: DRIFT },
  retainRecords: {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'Keeps the records, and the zones that the stack created, when the stack is deleted.',
  },
};
