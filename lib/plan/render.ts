import type { JournalEntry } from '../model/journal.ts';
import type { ChangeReason, WithheldReason } from '../model/reason.ts';

/** What a reason says of the members that caused it, to read on from their names. */
export const CHANGE_PROSE: Readonly<Record<ChangeReason, string>> = {
  launched: 'serving',
  terminated: 'shutting-down',
  stopped: 'stopped',
  draining: 'draining',
  undrained: 'no longer draining',
  sick: 'sick',
  healthy: 'healthy again',
  tagged: 'tagged with the role',
  untagged: 'lost the role',
  configured: 'configuration changed',
  drift: 'set right after a change by other hands',
  moved: 'moved',
  slot: 'slot reassigned',
  absent: 'not listed by two sweeps',
  expired: 'not heard of in time',
  address: 'address changed',
  retired: 'installation removed',
};

export const WITHHELD_PROSE: Readonly<Record<WithheldReason, string>> = {
  'foreign-record': 'a record that Rolecall does not own is in the way',
  'not-allowed': 'not allowed',
  'unknown-role': 'no such role is configured',
  'name-taken': 'the name belongs to another role',
  'invalid-name': 'no name can be made of the pattern',
  'too-many': 'there is no room for more',
  cap: 'kept: absence alone takes away no more for now',
  'no-address': 'no such address',
  'not-listed': 'not listed by the last sweep',
  'pool-empty': 'the pool has no address',
  'ptr-refused': 'EC2 refuses this reverse DNS: the name must lead to the address first',
  'pool-too-small': 'the pool has fewer addresses than the role has members',
  'address-held': 'the address was given to another by hand, and stays there',
  'has-elastic-ip': 'the member has another Elastic IP, which this one would take away',
  rejected: 'Route 53 refused it',
  'zone-full': 'the zone holds no more record sets',
  'hand-edited': 'somebody else changed it, and it is left so',
  'serial-unusable': 'the serial of the zone is not what Rolecall wrote',
  'owner-taken': 'another installation has this owner in the zone',
  'no-health-check': 'published without a Route 53 health check',
  'zone-gone': 'the hosted zone is gone',
  'access-denied': 'access denied',
};

const PROSE: ReadonlyMap<string, string> = new Map(Object.entries({ ...CHANGE_PROSE, ...WITHHELD_PROSE }));

/** A reason that only a newer version gives is said by its code. */
export function proseOf(reason: string): string {
  return PROSE.get(reason) ?? reason;
}

export interface RenderOptions {
  readonly colour: boolean;
  /** Shown as a time of day in UTC: add the offset for another zone. */
  readonly timeMs: number;
}

type Tint = 'green' | 'yellow' | 'red' | 'cyan';

const TINTS: Readonly<Record<Tint, string>> = { green: '32', yellow: '33', red: '31', cyan: '36' };
const NAME_WIDTH = 18;
const VALUES_WIDTH = 35;
/** So many values or members are spelt out; the rest are counted. */
const SPELT_OUT = 4;

/**
 * One line for a person.
 *
 * ```
 * 12:00:01 + web.example.com    A  203.0.113.11, 203.0.113.12   ttl 60   i-0a1, i-0b2 serving
 * 12:00:09 ~ web.example.com    A  203.0.113.11 (was .11, .12)           i-0b2 shutting-down · event to accepted 41 ms
 * ```
 */
export function renderEntry(entry: JournalEntry, options: RenderOptions): string {
  switch (entry.kind) {
    case 'change':
      return changeLine(entry, options);
    case 'conflict':
    case 'withheld':
    case 'refused':
      return refusalLine(entry, options);
    case 'drift': {
      const found = entry.after.length === 0 ? 'nothing' : listed(entry.after);
      const text = `found ${found} (expected ${listed(entry.before)})`;
      return line('!', 'yellow', entry.name, entry.type, text, 'changed by other hands', options);
    }
    case 'moved': {
      const from = entry.from === undefined ? '' : `${entry.from} -> `;
      const why = `${entry.from ?? entry.to} ${proseOf(entry.reason)}${accepted(entry.eventToAcceptedMs)}`;
      return line('>', 'cyan', entry.address, 'IP', `${entry.role}: ${from}${entry.to}`, why, options);
    }
    case 'drained': {
      const hooks = entry.hooks === undefined ? '' : ` · let go on from ${entry.hooks.join(', ')}`;
      const end = entry.terminated === true ? ' · terminated' : hooks;
      const text = `drained in ${Math.round(entry.waitedMs / 1000)} s`;
      return line(
        '<',
        'cyan',
        entry.role,
        '',
        text,
        `${entry.instance} asked by ${entry.asked.join(', ')}${end}`,
        options,
      );
    }
    default:
      return ofNewerVersion(entry, options);
  }
}

/** While a newer version is rolled out, and after it was taken back, the journal may hold what this one has no words for. */
function ofNewerVersion(entry: never, { timeMs }: RenderOptions): string {
  return `${timeOf(timeMs)} · ${JSON.stringify(entry)}`;
}

type ChangeEntry = Extract<JournalEntry, { kind: 'change' }>;
type RefusalEntry = Extract<JournalEntry, { kind: 'conflict' | 'withheld' | 'refused' }>;

function changeLine(entry: ChangeEntry, options: RenderOptions): string {
  const why = `${causeText(entry)}${accepted(entry.eventToAcceptedMs)}`;
  const { name, type, before, after } = entry;
  switch (entry.action) {
    case 'create':
      return line('+', 'green', name, type, `${listed(after)}   ttl ${entry.ttl}`, why, options);
    case 'update': {
      const isSame = before.length === after.length && before.every((value) => after.includes(value));
      const detail = isSame ? `   ttl ${entry.ttl}` : ` (was ${shortened(before, after[0])})`;
      return line('~', 'yellow', name, type, `${listed(after)}${detail}`, why, options);
    }
    case 'delete':
      return line('-', 'red', name, type, listed(before), why, options);
  }
}

function causeText(entry: ChangeEntry): string {
  const causes = entry.instances ?? (entry.instance === undefined ? [] : [entry.instance]);
  const who = entry.action === 'create' && entry.reason === 'launched' ? entry.members : causes;
  const names = listed(who.map((member) => member.replace(/^slot:/, 'slot ')));
  return `${names} ${proseOf(entry.reason)}`.trim();
}

function refusalLine(entry: RefusalEntry, options: RenderOptions): string {
  const prose = entry.detail ?? proseOf(entry.reason);
  const state = entry.cleared === true ? `no longer ${entry.kind}` : entry.kind;
  const who = entry.instance === undefined || prose.includes(entry.instance) ? '' : ` · ${entry.instance}`;
  const [mark, tint] = refusalMark(entry);
  return line(
    mark,
    tint,
    entry.name ?? entry.role,
    entry.type ?? '',
    `${state} (${entry.reason})`,
    `${prose}${who}`,
    options,
  );
}

function refusalMark({ cleared, reason }: RefusalEntry): readonly [mark: string, tint: Tint] {
  if (cleared === true) return ['=', 'green'];
  // A failover pair is meant to be so: said, and not as something that is wrong.
  return reason === 'pool-too-small' ? ['·', 'cyan'] : ['!', 'red'];
}

function line(
  mark: string,
  tint: Tint,
  name: string,
  type: string,
  text: string,
  why: string,
  { colour, timeMs }: RenderOptions,
): string {
  const time = timeOf(timeMs);
  const tinted = colour ? `\u001b[${TINTS[tint]}m${mark}\u001b[0m` : mark;
  return `${time} ${tinted} ${name.padEnd(NAME_WIDTH)} ${type.padEnd(2)} ${text.padEnd(VALUES_WIDTH)}   ${why}`.trimEnd();
}

function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 19);
}

function accepted(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : ` · event to accepted ${milliseconds} ms`;
}

function listed(values: readonly string[]): string {
  const spelt = values.slice(0, SPELT_OUT).join(', ');
  return values.length > SPELT_OUT ? `${spelt} and ${values.length - SPELT_OUT} more` : spelt;
}

/** IPv4 addresses that share the first three octets of `next` by their last alone. */
function shortened(values: readonly string[], next: string | undefined): string {
  const network = /^(?:\d{1,3}\.){3}(?=\d{1,3}$)/.exec(next ?? '')?.[0];
  return listed(
    values.map((value) =>
      network !== undefined && value.startsWith(network) ? `.${value.slice(network.length)}` : value,
    ),
  );
}
