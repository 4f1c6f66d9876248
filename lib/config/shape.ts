import * as v from 'valibot';
import { DNS_LABEL } from '../model/instance.ts';
import { isPublishableName, normalName } from '../model/name.ts';
import { DURATION, DURATION_ALLOWED, type Duration, isDuration } from './duration.ts';
import {
  ADDRESS_VALUES,
  DEFAULTS,
  DRIFT_VALUES,
  ELASTIC_IP,
  NAME,
  notAvailableYet,
  ROLE,
  SUCCESSION_VALUES,
  TOP_LEVEL,
} from './not-available-yet.ts';
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
};

function mustBe(allowed: string) {
  return (issue: { readonly input: unknown }) => `must be ${allowed}, not ${shown(issue.input)}`;
}

function text(allowed: string, pattern: RegExp) {
  return v.pipe(v.string(mustBe(allowed)), v.regex(pattern, mustBe(allowed)));
}

function choice<const Options extends readonly string[]>(options: Options, later: Words = {}) {
  const allowed = options.map((option) => JSON.stringify(option)).join(' or ');
  return v.picklist(options, (issue) => {
    const instead = notAvailableYet(issue.input, later, `use ${allowed}`);
    if (instead !== undefined) return `${shown(issue.input)} ${instead}`;
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

/** An object with these keys only; `later` are keys that are known and not available yet. */
function closedObject<const Entries extends v.ObjectEntries>(what: string, entries: Entries, later: Words = {}) {
  const known = Object.keys(entries);
  return v.pipe(
    mapping(`${what}: an object with the keys ${known.join(', ')}`),
    v.looseObject(entries, (issue) => `is required: ${REQUIRED[issue.expected ?? '']}`),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = asRecord(dataset.value);
      for (const key of Object.keys(input).filter((candidate) => !known.includes(candidate))) {
        const message =
          notAvailableYet(key, later, 'remove it') ??
          `is no key of ${what}${suggestion(key, known) || `; it has ${known.join(', ')}`}`;
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

const zone = closedObject('a zone', {
  name: zoneName,
  id: optional(text('the id of a hosted zone, 1 to 32 capitals and digits, without /hostedzone/', /^[A-Z0-9]{1,32}$/)),
  private: optional(flag),
  vpcId: optional(text("the id of a VPC, such as 'vpc-0123456789abcdef0'", /^vpc-[0-9a-z]+$/)),
});

const whenEmpty = v.pipe(
  v.custom<unknown>(
    (value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, 'answer'),
    'with an answer is not available yet: an address or a name for when no member serves; use "remove" or "keep"',
  ),
  choice(['remove', 'keep']),
);

const settings = {
  ttl: optional(duration),
  whenEmpty: optional(whenEmpty),
  drift: optional(choice(['repair'], DRIFT_VALUES)),
};

const address = choice(['private', 'public', 'ipv6'], ADDRESS_VALUES);
const addresses = v.union([address, listOf(address, 'a list of addresses')], (issue) =>
  typeof issue.input === 'string' && issue.issues !== undefined
    ? issue.issues[0].message
    : mustBe('"private", "public", "ipv6", or a list of them')(issue),
);

const name = closedObject(
  'a name',
  {
    zone: zoneKey,
    name: optional(text("a name relative to the zone, such as '{role}' or '@'", /^[^\s]+$/)),
    address: optional(addresses),
    ttl: optional(duration),
  },
  NAME,
);

const elasticIp = closedObject(
  'an elasticIp',
  {
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
    succession: optional(choice(['oldest'], SUCCESSION_VALUES)),
  },
  ELASTIC_IP,
);

const roleObject = closedObject(
  'a role',
  { names: optional(listOf(name, 'a list of names')), elasticIp: optional(elasticIp), ...settings },
  ROLE,
);
const role = v.union(
  [zoneKey, roleObject],
  mustBe('the key of a zone, or an object with the keys names, elasticIp, ttl, whenEmpty, drift'),
);

/** The shape of a configuration; what several of its values must be together is checked after it. */
export const configurationSchema = closedObject(
  'the configuration',
  {
    $schema: optional(v.string(mustBe('the address of a JSON Schema'))),
    owner: optional(label('an owner')),
    zones: v.pipe(
      mapping('an object of zones by key'),
      v.record(zoneKey, zone),
      v.minEntries(1, 'must have at least one zone'),
    ),
    defaults: optional(closedObject('the defaults', settings, DEFAULTS)),
    roles: v.pipe(mapping('an object of roles by name'), v.record(label('the name of a role'), role)),
    retainRecords: optional(flag),
  },
  TOP_LEVEL,
);
