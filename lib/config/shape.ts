import * as v from 'valibot';
import { DRAIN_TRIGGERS } from '../model/drain.ts';
import { DNS_LABEL } from '../model/instance.ts';
import { isPublishableName, normalName } from '../model/name.ts';
import { answerKind } from './answer.ts';
import { DURATION, DURATION_ALLOWED, type Duration, isDuration } from './duration.ts';
import { asRecord, shown } from './problem.ts';
import { suggestion } from './suggestion.ts';

type Words = Readonly<Record<string, string>>;

/** Keys that JavaScript gives a meaning of its own: as roles or zones they would be lost on the way. */
const RESERVED_KEYS = ['__proto__', 'constructor', 'prototype'];

/** What a key that may not be left out holds, by its name in quotes. */
const REQUIRED: Words = {
  '"zones"': "at least one hosted zone by a key of your choice, such as { pub: { name: 'example.com' } }",
  '"roles"': "roles by name, such as { web: 'pub' }",
  '"name"': "a domain name such as 'example.com'",
  '"zone"': 'the key of a zone',
  '"answer"': "an address or a name, such as '192.0.2.10'",
  '"type"': '"HTTP", "HTTPS" or "TCP"',
  '"weighted"': "an object, such as { tag: 'rolecall:weight', default: 10 }",
};

function mustBe(allowed: string) {
  return (issue: { readonly input: unknown }) => `must be ${allowed}, not ${shown(issue.input)}`;
}

function text(allowed: string, pattern: RegExp) {
  return v.pipe(v.string(mustBe(allowed)), v.regex(pattern, mustBe(allowed)));
}

function choice<const Options extends readonly string[]>(options: Options) {
  const allowed = options.map((option) => JSON.stringify(option)).join(' or ');
  return v.picklist(options, (issue) => {
    return mustBe(allowed)(issue) + (typeof issue.input === 'string' ? suggestion(issue.input, options) : '');
  });
}

function mapping(allowed: string) {
  const isMapping = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const hasReservedKey = (value: unknown) =>
    typeof value === 'object' && value !== null && RESERVED_KEYS.some((key) => Object.hasOwn(value, key));
  return v.custom<Record<string, unknown>>(
    (value) => isMapping(value) && !hasReservedKey(value),
    (issue) =>
      isMapping(issue.input)
        ? `must have no key ${RESERVED_KEYS.join(', ')}: they are reserved; choose another name`
        : mustBe(allowed)(issue),
  );
}

/** An object with these keys only. */
function closedObject<const Entries extends v.ObjectEntries>(what: string, entries: Entries) {
  const known = Object.keys(entries);
  return v.pipe(
    mapping(`${what}: an object with the keys ${known.join(', ')}`),
    v.looseObject(entries, (issue) => `is required: ${REQUIRED[issue.expected ?? '']}`),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = asRecord(dataset.value);
      for (const key of Object.keys(input).filter((candidate) => !known.includes(candidate))) {
        const message = `is no key of ${what}${suggestion(key, known) || `; it has ${known.join(', ')}`}`;
        addIssue({
          message,
          input: input[key],
          path: [{ type: 'object', origin: 'key', input, key, value: input[key] }],
        });
      }
    }),
  );
}

function listOf<const Item extends v.GenericSchema>(item: Item, what: string) {
  return v.pipe(v.array(item, mustBe(what)), v.minLength(1, mustBe(`${what}, at least one`)));
}

const optional = v.exactOptional;

const label = (what: string) =>
  text(`${what}: one DNS label of lower-case letters, digits and "-", 1 to 63 characters`, DNS_LABEL);
const zoneKey = text('the key of a zone: a letter, then letters, digits, "-" and "_"', /^[A-Za-z][A-Za-z0-9_-]{0,62}$/);
const duration = v.pipe(
  v.string(mustBe(DURATION_ALLOWED)),
  v.regex(DURATION, mustBe(DURATION_ALLOWED)),
  v.custom<Duration>(isDuration, mustBe(DURATION_ALLOWED)),
);
const flag = v.boolean(mustBe('true or false'));

const ZONE_NAME_ALLOWED = "a domain name such as 'example.com' (with letters outside ASCII as xn--…)";
const zoneName = v.pipe(
  v.string(mustBe(ZONE_NAME_ALLOWED)),
  v.check((name) => isPublishableName(normalName(name)) && !name.includes('*'), mustBe(ZONE_NAME_ALLOWED)),
);

const FULL_NAME_ALLOWED = "a full name such as 'www.example.com', with '*' as its first label at most";
const fullName = v.pipe(
  v.string(mustBe(FULL_NAME_ALLOWED)),
  v.check((name) => isPublishableName(normalName(name)), mustBe(FULL_NAME_ALLOWED)),
);

function wholeNumber(allowed: string, least: number, most: number) {
  return v.pipe(
    v.number(mustBe(allowed)),
    v.safeInteger(mustBe(allowed)),
    v.minValue(least, mustBe(allowed)),
    v.maxValue(most, mustBe(allowed)),
  );
}

const zone = closedObject('a zone', {
  name: zoneName,
  id: optional(text('the id of a hosted zone, 1 to 32 capitals and digits, without /hostedzone/', /^[A-Z0-9]{1,32}$/)),
  private: optional(flag),
  vpcId: optional(text("the id of a VPC, such as 'vpc-0123456789abcdef0'", /^vpc-[0-9a-z]+$/)),
});

const ANSWER_ALLOWED = "an IPv4 address, an IPv6 address or a name, such as '192.0.2.10' or 'sorry.example.com'";
const answer = v.pipe(
  v.string(mustBe(ANSWER_ALLOWED)),
  v.check((value) => answerKind(value) !== undefined, mustBe(ANSWER_ALLOWED)),
);
const whenEmpty = v.union(
  [choice(['remove', 'keep']), closedObject('an answer', { answer })],
  mustBe('"remove", "keep" or { answer: <address or name> }'),
);

const healthCheck = closedObject('a health check', {
  type: choice(['HTTP', 'HTTPS', 'TCP']),
  port: optional(wholeNumber('a port from 1 to 65535', 1, 65_535)),
  path: optional(text("a path such as '/health'", /^\/[!-~]{0,254}$/)),
});
const health = v.union(
  [
    choice(['none', 'status-checks']),
    v.pipe(
      closedObject('a health', {
        alarms: optional(text("a name of CloudWatch alarms, such as 'web-*'", /^(?!\s).{1,255}(?<!\s)$/)),
        route53: optional(healthCheck),
      }),
      v.minEntries(1, 'must have either alarms or route53'),
      v.maxEntries(1, 'must have either alarms or route53, not both'),
    ),
  ],
  mustBe('"none", "status-checks", { alarms: <name or prefix*> } or { route53: { type, port, path } }'),
);
const drainOn = v.array(choice(DRAIN_TRIGGERS), mustBe(`a list of ${DRAIN_TRIGGERS.join(', ')}`));

const settings = {
  ttl: optional(duration),
  whenEmpty: optional(whenEmpty),
  drift: optional(choice(['repair', 'report'])),
  health: optional(health),
  drainOn: optional(drainOn),
};

const address = choice(['private', 'public', 'ipv6', 'ec2-name']);
const addresses = v.union([address, listOf(address, 'a list of addresses')], (issue) =>
  typeof issue.input === 'string' && issue.issues !== undefined
    ? issue.issues[0].message
    : mustBe('"private", "public", "ipv6", "ec2-name", or a list of them')(issue),
);

const WEIGHT_TAG_ALLOWED = "a tag that begins with rolecall:, such as 'rolecall:weight'";
const weighted = closedObject('a weighted routing', {
  tag: optional(
    v.pipe(
      v.string(mustBe(WEIGHT_TAG_ALLOWED)),
      v.regex(/^rolecall:.{1,119}$/, mustBe(WEIGHT_TAG_ALLOWED)),
      v.custom<`rolecall:${string}`>(() => true),
    ),
  ),
  default: optional(wholeNumber('a weight from 0 to 255', 0, 255)),
});
const routing = v.union(
  [choice(['simple', 'multivalue']), closedObject('a routing', { weighted })],
  mustBe('"simple", "multivalue" or { weighted: { tag, default } }'),
);

const name = closedObject('a name', {
  zone: zoneKey,
  name: optional(text("a name relative to the zone, such as '{role}' or '@'", /^[^\s]+$/)),
  address: optional(addresses),
  routing: optional(routing),
  ttl: optional(duration),
  ptr: optional(flag),
});

const succession = choice(['oldest', 'newest', 'priority']);

const elasticIp = closedObject('an elasticIp', {
  pool: optional(
    text(
      'a value of the tag rolecall:pool: 1 to 256 characters without spaces at either end',
      /^(?!\s).{1,256}(?<!\s)$/,
    ),
  ),
  allocationIds: optional(
    listOf(
      text("the allocation id of an Elastic IP, such as 'eipalloc-0123456789abcdef0'", /^eipalloc-[0-9a-z]+$/),
      'a list of allocation ids',
    ),
  ),
  succession: optional(succession),
  preferZone: optional(flag),
  ptr: optional(text("a full name such as 'mx{ordinal}.example.com'", /^[^\s]+$/)),
});

const service = text(
  "a service and its protocol in lower case, such as '_http._tcp'",
  /^_[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\._[a-z0-9]{1,62}$/,
);
const srv = v.pipe(
  mapping("ports by service, such as { '_http._tcp': 80 }"),
  v.record(service, wholeNumber('a port from 1 to 65535', 1, 65_535)),
  v.minEntries(1, 'must have at least one service'),
);

const mx = closedObject('an mx', {
  name: fullName,
  preference: optional(wholeNumber('a preference from 0 to 65535', 0, 65_535)),
});

const allow = closedObject('an allow', {
  instanceProfiles: optional(
    listOf(
      text("the name of an instance profile, not its ARN, such as 'web-*'", /^[\w+=,.@*-]{1,128}$/),
      'a list of names of instance profiles',
    ),
  ),
  vpcs: optional(listOf(text("the id of a VPC, such as 'vpc-0123*'", /^(?:vpc-|\*)[0-9a-z*]*$/), 'a list of VPCs')),
  subnets: optional(
    listOf(text("the id of a subnet, such as 'subnet-0123*'", /^(?:subnet-|\*)[0-9a-z*]*$/), 'a list of subnets'),
  ),
});

const ROLE_ENTRIES = {
  names: optional(listOf(name, 'a list of names')),
  aliases: optional(listOf(fullName, 'a list of names')),
  srv: optional(srv),
  mx: optional(mx),
  holders: optional(wholeNumber('a whole number, 1 or more', 1, Number.MAX_SAFE_INTEGER)),
  succession: optional(succession),
  elasticIp: optional(elasticIp),
  allow: optional(allow),
  ...settings,
};
const role = v.union(
  [zoneKey, closedObject('a role', ROLE_ENTRIES)],
  mustBe(`the key of a zone, or an object with the keys ${Object.keys(ROLE_ENTRIES).join(', ')}`),
);

const host = closedObject('a host', {
  roles: listOf(label('the name of a role'), 'a list of roles'),
  expireAfter: optional(duration),
});

/** The shape of a configuration; what several of its values must be together is checked after it. */
export const configurationSchema = closedObject('the configuration', {
  $schema: optional(v.string(mustBe('the address of a JSON Schema'))),
  owner: optional(label('an owner')),
  zones: v.pipe(
    mapping('an object of zones by key'),
    v.record(zoneKey, zone),
    v.minEntries(1, 'must have at least one zone'),
  ),
  defaults: optional(closedObject('the defaults', settings)),
  openRoles: optional(zoneKey),
  roles: v.pipe(mapping('an object of roles by name'), v.record(label('the name of a role'), role)),
  allowLargeChange: optional(flag),
  retainRecords: optional(flag),
  strictNames: optional(flag),
  allowTerminate: optional(flag),
  endpoint: optional(flag),
  hosts: optional(v.pipe(mapping('an object of hosts by id'), v.record(label('the id of a host'), host))),
});
