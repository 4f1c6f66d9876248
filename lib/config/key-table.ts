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
  'a name has public addresses that are not Elastic IPs, or an EC2 name.';
const WHEN_EMPTY_VALUES = '`remove`, `keep`, or an object with `answer`';
const ANSWER =
  'What such a name gives instead: an address of its family, or a name, then a CNAME. At every name without ' +
  '`{ordinal}`, `{az}` and `{instanceId}`, from the deploy on.';
const ANSWER_VALUES = 'an IPv4 address, an IPv6 address or a name';
const PATTERNS = '`*` stands for any characters; one entry must match.';
const SUCCESSION = '`oldest`, `newest`, `priority`';
const DRIFT =
  'What is done about a record of ours that someone else changed. `report` leaves it, but for the address of an ' +
  'instance that is gone.';
const HEALTH = 'What withdraws a member from its names while it is sick; never the last one of a name.';
const DRAIN_ON =
  'What makes a member leave before it goes. `retirement` acts in the last hour before its start; it and `rebalance` ' +
  'leave the last member of a role.';

/** Every key of the configuration, by path: `<…>` stands for a key of the user’s, `[]` for an item of a list. */
export const KEY_TABLE: Readonly<Record<string, KeyEntry>> = {
  $schema: { values: 'a text', whenOmitted: '–', meaning: 'The address of the JSON Schema, for editors; no effect.' },
  owner: {
    values: ONE_LABEL,
    whenOmitted: '`rolecall`',
    meaning:
      'Tells installations that share a zone apart: the serial of the zone is kept under this name. When it changes, the records stay and the serial moves.',
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
  'defaults.whenEmpty': { values: WHEN_EMPTY_VALUES, whenOmitted: '`remove`', meaning: WHEN_EMPTY },
  'defaults.whenEmpty.answer': { values: ANSWER_VALUES, whenOmitted: 'required', meaning: ANSWER },
  'defaults.drift': { values: '`repair`, `report`', whenOmitted: '`repair`', meaning: DRIFT },
  'defaults.health': {
    values: '`none`, `status-checks`, or an object with `alarms` or `route53`',
    whenOmitted: '`status-checks`',
    meaning: HEALTH,
  },
  'defaults.health.alarms': {
    values: 'a name of CloudWatch alarms; `*` stands for any characters',
    whenOmitted: '–',
    meaning: 'Sick while such an alarm with the dimension `InstanceId` is in `ALARM`.',
  },
  'defaults.health.route53': {
    values: 'an object',
    whenOmitted: '–',
    meaning:
      'A Route 53 health check for each public address, attached to its set. Only for a role with public names, all of ' +
      'them `multivalue` or `weighted`.',
  },
  'defaults.health.route53.type': {
    values: '`HTTP`, `HTTPS`, `TCP`',
    whenOmitted: 'required',
    meaning: 'How the checkers ask.',
  },
  'defaults.health.route53.port': {
    values: '1 to 65535',
    whenOmitted: '80 for `HTTP`, 443 for `HTTPS`; required for `TCP`',
    meaning: 'The port that is asked.',
  },
  'defaults.health.route53.path': {
    values: 'a path',
    whenOmitted: '`/`',
    meaning: 'The path that is asked for, with `HTTP` and `HTTPS`.',
  },
  'defaults.drainOn': {
    values: 'a list of `hook`, `spot`, `tag`, `retirement`, `rebalance`',
    whenOmitted: '`hook`, `spot`, `tag`, `retirement`',
    meaning: DRAIN_ON,
  },
  openRoles: {
    values: 'the key of a zone',
    whenOmitted: 'roles that are not listed are refused and reported',
    meaning: 'Where an instance gets a name whose role is not listed: `{role}` in this zone, with the defaults.',
  },
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
    values: '`private`, `public`, `ipv6`, or a list of them; `ec2-name`',
    whenOmitted: '`private` in a private zone, `public` in a public one',
    meaning:
      'Which addresses the name gets: `private` and `public` give A records, `ipv6` gives AAAA. ' +
      'In a role with `elasticIp`, `public` means the Elastic IP only. `ec2-name` gives a CNAME to the public DNS ' +
      'name of the instance, which is its private address inside the VPC and its public one outside.',
  },
  'roles.<role>.names[].routing': {
    values: '`simple`, `multivalue`, or an object with `weighted`',
    whenOmitted: '`simple`',
    meaning:
      '`simple` answers with all addresses at once. `multivalue` has a record set a member and answers with up to 8 ' +
      'of them, `weighted` with one by its weight; both for up to 100 members.',
  },
  'roles.<role>.names[].routing.weighted': {
    values: 'an object, which may be empty',
    whenOmitted: 'required',
    meaning: 'Where the weight of a member comes from.',
  },
  'roles.<role>.names[].routing.weighted.tag': {
    values: 'a tag that begins with `rolecall:`',
    whenOmitted: '`rolecall:weight`',
    meaning: 'The tag of the instance that holds its weight, 0 to 255; not `rolecall:role`, `:pool` or `:drain`.',
  },
  'roles.<role>.names[].routing.weighted.default': {
    values: '0 to 255',
    whenOmitted: '10',
    meaning: 'The weight of a member without a valid one of its own.',
  },
  'roles.<role>.names[].ttl': { values: DURATION, whenOmitted: 'the role’s', meaning: TTL },
  'roles.<role>.names[].ptr': {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'Whether the addresses of the name get PTR records to it, in the reverse zone of `zones` that fits.',
  },
  'roles.<role>.aliases': {
    values: 'a list of full names in one of the zones; `*` may be the first label',
    whenOmitted: 'none',
    meaning: 'CNAME records to the role’s first name, as long as the role is configured.',
  },
  'roles.<role>.srv': {
    values: 'an object of ports by service',
    whenOmitted: 'none',
    meaning:
      'SRV records at `<service>.<role>.<zone>`, in each zone where members have a name of their own, with ' +
      '`{ordinal}` or `{instanceId}`.',
  },
  'roles.<role>.srv.<service>': {
    values: 'a port, 1 to 65535; its key is such as `_http._tcp`',
    whenOmitted: '–',
    meaning: 'The port of the service. The weight is that of the tag `rolecall:weight`, or 10.',
  },
  'roles.<role>.mx': {
    values: 'an object',
    whenOmitted: 'none',
    meaning: 'MX records to the role’s first name; to that of each slot where it has `{ordinal}`.',
  },
  'roles.<role>.mx.name': {
    values: 'a full name in one of the zones',
    whenOmitted: 'required',
    meaning: 'The domain that gets the mail; the apex of a zone is allowed.',
  },
  'roles.<role>.mx.preference': {
    values: '0 to 65535',
    whenOmitted: '10',
    meaning: 'Senders try the lowest first.',
  },
  'roles.<role>.holders': {
    values: 'a count, 1 or more',
    whenOmitted: 'unlimited',
    meaning: 'How many members hold the role at once; the others stand by. Not together with `elasticIp`.',
  },
  'roles.<role>.succession': {
    values: SUCCESSION,
    whenOmitted: '`oldest`',
    meaning:
      'Who gets a vacant place: the member that has run for the longest time, the last one to come, or the one with ' +
      'the highest number in the tag `rolecall:priority`. Under `newest` a later member also displaces a holder.',
  },
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
    values: SUCCESSION,
    whenOmitted: 'the role’s',
    meaning: 'Who gets a vacant address. No running holder loses its address to another, whatever the succession.',
  },
  'roles.<role>.elasticIp.preferZone': {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'Whether a member in the availability zone of the last holder comes first.',
  },
  'roles.<role>.elasticIp.ptr': {
    values: 'a full name; placeholders: `{role}`, `{ordinal}`',
    whenOmitted: 'none',
    meaning: 'Reverse DNS of each address, set once this name resolves to it.',
  },
  'roles.<role>.allow': {
    values: 'an object with at least one of its keys',
    whenOmitted: 'every instance with the tag',
    meaning: 'Who may claim the role: all keys that are given must match.',
  },
  'roles.<role>.allow.instanceProfiles': {
    values: 'a list of names, at least one',
    whenOmitted: 'any',
    meaning: `The instance profile. ${PATTERNS}`,
  },
  'roles.<role>.allow.vpcs': {
    values: 'a list of ids, at least one',
    whenOmitted: 'any',
    meaning: `The VPC. ${PATTERNS}`,
  },
  'roles.<role>.allow.subnets': {
    values: 'a list of ids, at least one',
    whenOmitted: 'any',
    meaning: `The subnet. ${PATTERNS}`,
  },
  'roles.<role>.ttl': { values: DURATION, whenOmitted: 'that of `defaults`', meaning: TTL },
  'roles.<role>.whenEmpty': { values: WHEN_EMPTY_VALUES, whenOmitted: 'that of `defaults`', meaning: WHEN_EMPTY },
  'roles.<role>.whenEmpty.answer': { values: ANSWER_VALUES, whenOmitted: 'required', meaning: ANSWER },
  'roles.<role>.drift': { values: '`repair`, `report`', whenOmitted: 'that of `defaults`', meaning: DRIFT },
  'roles.<role>.health': {
    values: '`none`, `status-checks`, or an object with `alarms` or `route53`',
    whenOmitted: 'that of `defaults`',
    meaning: HEALTH,
  },
  'roles.<role>.health.alarms': {
    values: 'a name of CloudWatch alarms; `*` stands for any characters',
    whenOmitted: '–',
    meaning: 'Sick while such an alarm with the dimension `InstanceId` is in `ALARM`.',
  },
  'roles.<role>.health.route53': {
    values: 'an object',
    whenOmitted: '–',
    meaning:
      'A Route 53 health check for each public address, attached to its set. Only for a role with public names, all of ' +
      'them `multivalue` or `weighted`.',
  },
  'roles.<role>.health.route53.type': {
    values: '`HTTP`, `HTTPS`, `TCP`',
    whenOmitted: 'required',
    meaning: 'How the checkers ask.',
  },
  'roles.<role>.health.route53.port': {
    values: '1 to 65535',
    whenOmitted: '80 for `HTTP`, 443 for `HTTPS`; required for `TCP`',
    meaning: 'The port that is asked.',
  },
  'roles.<role>.health.route53.path': {
    values: 'a path',
    whenOmitted: '`/`',
    meaning: 'The path that is asked for, with `HTTP` and `HTTPS`.',
  },
  'roles.<role>.drainOn': {
    values: 'a list of `hook`, `spot`, `tag`, `retirement`, `rebalance`',
    whenOmitted: 'that of `defaults`',
    meaning: DRAIN_ON,
  },
  allowLargeChange: {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'Lets a deploy take away more than 30 % of a zone’s record sets, where it has 10 or more.',
  },
  retainRecords: {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'Keeps the records, and the zones that the stack created, when the stack is deleted.',
  },
  strictNames: {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning:
      'Limits the permission to write records to the names that the configuration can produce, and those before it until ' +
      'they are removed. There is room for 3,000 characters of name patterns.',
  },
  allowTerminate: {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'Lets the stack terminate an instance at the end of a drain that asked for it.',
  },
  endpoint: {
    values: '`true`, `false`',
    whenOmitted: '`false`',
    meaning: 'An HTTPS endpoint where hosts tell their addresses (dyndns2) and renderers read the members of a role.',
  },
  hosts: { values: 'an object', whenOmitted: 'none', meaning: 'Members outside EC2.' },
  'hosts.<id>': {
    values: `an object; its key is ${ONE_LABEL}`,
    whenOmitted: '–',
    meaning: 'A host: its id is its login at the endpoint. It must not begin with `i-`, as the ids of instances do.',
  },
  'hosts.<id>.roles': {
    values: 'a list of roles, at least one',
    whenOmitted: 'required',
    meaning: 'The roles that it is a member of: of `roles`, or any where `openRoles` is given.',
  },
  'hosts.<id>.expireAfter': {
    values: DURATION,
    whenOmitted: 'never',
    meaning: 'How long the host may be silent before it is withdrawn.',
  },
};
