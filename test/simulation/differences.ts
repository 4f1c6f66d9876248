import type { Edit } from './planting.ts';

/**
 * What a next version may do otherwise while Lambdas of this one are still at work beside it. None of it is a mistake: every
 * promise holds in each of the two, and must hold of both together.
 */
export const DIFFERENCES: readonly Edit[] = [
  {
    name: 'all that is stored as JSON has a further field, and so has all that is inside it',
    file: 'lib/aws/registry/items.ts',
    fragment: 'const json = (value: unknown): AttributeValue => ({ S: JSON.stringify(value) });',
    becomes: `const MAPS = ['contributors', 'tags'];
const further = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((each) => further(each));
  if (typeof value !== 'object' || value === null || MAPS.includes(name)) return value;
  const inside = Object.entries(value).map(([field, each]) => [field, further(each, field)]);
  return { ...Object.fromEntries(inside), edition: 2 };
};
const json = (value: unknown): AttributeValue => ({ S: JSON.stringify(further(value)) });`,
    also: [
      // Its own new kind of mark, below, it knows.
      { fragment: '  role: true,\n  set: true,', becomes: '  role: true,\n  shelf: true,\n  set: true,' },
      {
        fragment: "    case 'serial':\n      return key(groupPk(mark.group), '1#mark#serial');",
        becomes: `    case 'serial':
      return key(groupPk(mark.group), '1#mark#serial');
    case 'shelf':
      return key(groupPk(mark.group), \`1#mark#shelf#\${subject.shelf}\`);`,
      },
    ],
  },
  {
    name: 'a mark has a further field and reasons of its own, and one of a new kind is beside it',
    file: 'lib/aws/registry/marks.ts',
    fragment: "':body': { S: JSON.stringify({ group, subject, reason }) },",
    becomes: `':body': { S: JSON.stringify({ group, subject, reason: NEW_REASONS[reason] ?? reason, edition: 2 }) },`,
    also: [
      {
        fragment: 'export function markAction(',
        becomes: `const NEW_REASONS = { configured: 'reconfigured', launched: 'arrived', stopped: 'paused' };
const withShelves = (marks) =>
  marks.flatMap((mark) =>
    mark.subject.kind === 'role' ? [mark, { ...mark, subject: { kind: 'shelf', shelf: mark.subject.role } }] : [mark],
  );
export function markAction(`,
      },
      {
        fragment: 'oneEach(marks).map((mark) => markAction(table, mark))',
        becomes: 'withShelves(oneEach(marks)).map((mark) => markAction(table, mark))',
      },
    ],
  },
  {
    name: 'what is stored of a group has a further field',
    file: 'lib/aws/registry/installation.ts',
    fragment: "':body': { S: JSON.stringify(body) }",
    becomes: "':body': { S: JSON.stringify({ ...body, edition: 2 }) }",
  },
  {
    name: 'the level of calls has a further field',
    file: 'lib/aws/registry/epochs.ts',
    fragment: "...(calls === undefined ? {} : { ':calls': { S: JSON.stringify(calls) } }),",
    becomes: "...(calls === undefined ? {} : { ':calls': { S: JSON.stringify({ ...calls, edition: 2 }) } }),",
  },
  {
    name: 'a group is read in small pages, and its pace has a further field',
    file: 'lib/aws/registry/groups.ts',
    fragment: 'const FIRST_PAGE = 100;',
    becomes: 'const FIRST_PAGE = 5;',
    also: [
      {
        fragment: "...(pace === undefined ? {} : { ':pace': { S: JSON.stringify(pace) } }),",
        becomes: "...(pace === undefined ? {} : { ':pace': { S: JSON.stringify({ ...pace, edition: 2 }) } }),",
      },
    ],
  },
  {
    name: 'the table is read in small pages, and by few keys at once',
    file: 'lib/aws/registry/table.ts',
    fragment: 'const BATCH_GET_KEYS = 100;',
    becomes: 'const BATCH_GET_KEYS = 4;',
    also: [
      {
        fragment: '...(isLimited ? { ScanIndexForward: false } : {}),',
        becomes: 'Limit: 12, ...(isLimited ? { ScanIndexForward: false } : {}),',
      },
    ],
  },
  {
    name: 'few items are written at once, and tried for less long',
    file: 'lib/aws/registry/transaction.ts',
    fragment: 'export const MAX_ACTIONS = 100;',
    becomes: 'export const MAX_ACTIONS = 30;',
    also: [{ fragment: 'const MAX_TRIES = 6;', becomes: 'const MAX_TRIES = 4;' }],
  },
  {
    name: 'messages have a further field, and with each wake-up comes one of a new kind that asks for the same',
    file: 'lib/aws/work-queue.ts',
    fragment: 'MessageBody: JSON.stringify({ kind, group, attempt }),',
    becomes: 'MessageBody: JSON.stringify({ kind, group, attempt, edition: 2 }),',
    also: [
      {
        fragment: 'await sendLater(JSON.stringify(message), DelaySeconds);',
        becomes: 'await sendLater(JSON.stringify({ ...message, edition: 2 }), DelaySeconds);',
      },
      {
        fragment: 'const entries = onePerGroup(wakeUps).map((wakeUp) => entryOf(wakeUp, random));',
        becomes: `const entries = onePerGroup(wakeUps).flatMap((wakeUp) =>
        [wakeUp, { ...wakeUp, kind: 'rouse' as 'wake' }].map((each) => entryOf(each, random)),
      );`,
      },
    ],
  },
  {
    name: 'it understands its own new kind of message',
    file: 'lib/events/own-message.ts',
    fragment: "case 'wake':\n      return { kind, ...read('wake', WAKE, body) };",
    becomes: "case 'rouse':\n    case 'wake':\n      return { kind: 'wake', ...read('wake', WAKE, body) };",
  },
  {
    name: 'the changes of a batch are in another order',
    file: 'lib/plan/batch.ts',
    fragment:
      '.sort((one, other) => one.order - other.order || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));',
    becomes:
      '.sort((one, other) => one.order - other.order || (one.name < other.name ? 1 : one.name > other.name ? -1 : 0));',
  },
  {
    name: 'batches are smaller',
    file: 'lib/reconcile/zone-batch.ts',
    fragment: 'isFirst ? SINGLE_READS : MAX_ELEMENTS);',
    becomes: 'isFirst ? SINGLE_READS : 16);',
  },
  {
    name: 'the serial grows in larger steps',
    file: 'lib/reconcile/serial.ts',
    fragment: 'next: head.serial + 1 };',
    becomes: 'next: head.serial + 5 };',
    also: [
      {
        fragment: 'return { before: seen.set, next: highest + 1 };',
        becomes: 'return { before: seen.set, next: highest + 3 };',
      },
    ],
  },
  {
    name: 'drains are looked at in other intervals',
    file: 'lib/reconcile/drain-pass.ts',
    fragment: 'const SHORTEST_POLL_MS = 1_000;',
    becomes: 'const SHORTEST_POLL_MS = 2_000;',
    also: [{ fragment: 'const LONGEST_POLL_MS = 15_000;', becomes: 'const LONGEST_POLL_MS = 9_000;' }],
  },
  {
    name: 'what is not urgent waits longer for more',
    file: 'lib/reconcile/pace.ts',
    fragment: 'const UNHURRIED_INTERVAL_MS = 500;',
    becomes: 'const UNHURRIED_INTERVAL_MS = 1_200;',
  },
  {
    name: 'what was read is believed for less long',
    file: 'lib/reconcile/observe.ts',
    fragment: 'const BELIEVED_MS = 5_000;',
    becomes: 'const BELIEVED_MS = 2_500;',
  },
  {
    name: 'groups are woken and worked in another order',
    file: 'lib/reconcile/groups.ts',
    fragment: 'const distinct = [...new Set(groups)].sort();',
    becomes: 'const distinct = [...new Set(groups)].sort().reverse();',
  },
  {
    name: 'roles are read one by one, in another order',
    file: 'lib/reconcile/zone-view.ts',
    fragment: 'marks.flatMap((mark) => mark.roles))].sort();',
    becomes: 'marks.flatMap((mark) => mark.roles))].sort().reverse();',
    also: [{ fragment: 'const READS_AT_ONCE = 16;', becomes: 'const READS_AT_ONCE = 1;' }],
  },
  {
    name: 'what has no address is withheld for a reason that this version does not know',
    file: 'lib/desired/shares.ts',
    fragment: "reason: 'no-address', instance: instanceId, detail });",
    becomes: "reason: 'addressless', instance: instanceId, detail });",
  },
  {
    name: 'the youngest is first in line where the oldest is in this version',
    file: 'lib/desired/succession.ts',
    fragment: "case 'oldest':\n      return bySeniority;",
    becomes: "case 'oldest':\n      return (one, other) => bySeniority(other, one);",
  },
  {
    name: 'numbers are given to the youngest first',
    file: 'lib/desired/holdings.ts',
    fragment: 'const line = role.holders === undefined ? bySeniority : bySuccession(role.succession);',
    becomes:
      'const line = role.holders === undefined ? (one, other) => bySeniority(other, one) : bySuccession(role.succession);',
  },
];
