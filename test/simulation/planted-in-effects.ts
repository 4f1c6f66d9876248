import type { PlantedBug } from './planted-bugs.ts';

/** Mistakes in what is read, stored, sent and written, and in which order. */
export const IN_EFFECTS: readonly PlantedBug[] = [
  {
    name: 'a termination is ignored, and only the sweep notices',
    seed: 34,
    file: 'lib/reconcile/observe.ts',
    fragment: '...heard(batch, departureFolds)]',
    becomes: ']',
  },
  {
    name: 'an empty describe, or one that failed, means that all are gone',
    seed: 17,
    file: 'lib/reconcile/sweep.ts',
    fragment: 'const seen = reads === undefined ? before : foldRead(before, reads, startedAtMs);',
    becomes: `const seen: Fact =
      reads === undefined || reads.listed.size === 0
        ? { ...before, gone: { atMs: startedAtMs, source: 'sweep' } }
        : foldRead(before, reads, startedAtMs);`,
  },
  {
    name: 'no fence: a batch leaves the serial alone',
    seed: 1,
    file: 'lib/reconcile/apply.ts',
    fragment: 'const wire = wireChanges(changes, fence.before, serialSet(owner, zone, fence.next, batch));',
    becomes: 'const wire = wireChanges(changes.length > 0 ? changes : changes);',
  },
  {
    name: 'the fence is read when the batch is sent, not before the plan',
    seed: 13,
    file: 'lib/reconcile/apply.ts',
    fragment: 'const wire = wireChanges(changes, fence.before, serialSet(owner, zone, fence.next, batch));',
    becomes: `const found = await readSerial(head, zone, ports);
  const fresh = found.set !== undefined && 'values' in found.set ? (found.set as never as typeof fence.before) : fence.before;
  const wire = wireChanges(changes, fresh, serialSet(owner, zone, (parseSerial(found)?.serial ?? fence.next - 1) + 1, batch));`,
  },
  {
    name: 'a lost serial begins again at 1, and a spoiled one where it was left',
    seed: 52,
    file: 'lib/reconcile/serial.ts',
    fragment: 'return { next: Math.max(highest + 1, Math.floor(nowMs / 1000)) };',
    becomes: 'return { next: 1 };',
    also: [{ fragment: 'Math.max(head.serial ?? 0, inZone', becomes: 'Math.max(0, inZone' }],
  },
  {
    name: 'an intent is stored, and marks are cleared, whatever another pass has done since they were read',
    seed: 49,
    file: 'lib/aws/registry/epochs.ts',
    fragment: "ConditionExpression: '#epoch = :epoch',",
    becomes: "ConditionExpression: '(#epoch = :epoch OR attribute_exists(pk))',",
  },
  {
    name: 'the sweep leaves what is said of an Elastic IP as it is',
    seed: 4081,
    file: 'lib/reconcile/sweep-addresses.ts',
    fragment: 'return standing(refused, known, nowMs).journal.length > 0;',
    becomes: 'return standing(refused, known, nowMs).journal.length < 0;',
  },
  {
    name: 'a throttled write is reported as done',
    seed: 10,
    file: 'lib/reconcile/apply.ts',
    fragment: "    case 'throttled':\n    case 'busy':",
    becomes: "    case 'throttled':\n      return await record(intent, sending, ports);\n    case 'busy':",
  },
  {
    name: 'after an unknown outcome the write counts as done',
    seed: 58,
    file: 'lib/reconcile/apply.ts',
    fragment: 'if (parseSerial(seen)?.batch === intent.batch) return await record(intent, sending, ports);',
    becomes: 'if (parseSerial(seen)?.batch !== null) return await record(intent, sending, ports);',
  },
  {
    name: 'after an unknown outcome nobody looks, and the intent is forgotten',
    seed: 31,
    file: 'lib/reconcile/intents.ts',
    fragment: 'if (open.length === 0) return',
    becomes: 'if (open.length >= 0) return',
  },
  {
    name: 'a mark is cleared though it was written again',
    seed: 49,
    file: 'lib/aws/registry/marks.ts',
    fragment: "ConditionExpression: '#stamp = :stamp',",
    becomes: "ConditionExpression: 'attribute_exists(#stamp) OR #stamp = :stamp',",
  },
  {
    name: 'marks are dropped before the work is done',
    seed: 12,
    file: 'lib/reconcile/zone-batch.ts',
    fragment: 'clearMarks: isLast ? marks : [],',
    becomes: 'clearMarks: marks,',
  },
  {
    name: 'another’s record is adopted where it stands in the way',
    seed: 8,
    file: 'lib/reconcile/apply.ts',
    fragment: "case 'rejected':\n      await drop(intent, ports);",
    becomes: "case 'rejected':\n      await record(intent, sending, ports);",
  },
  {
    name: 'reassociation is allowed in a failover',
    seed: 54,
    file: 'lib/aws/ec2.ts',
    fragment: 'AllowReassociation: mayTake };',
    becomes: 'AllowReassociation: true };',
  },
  {
    name: 'a sweep cannot see what it overlooked',
    seed: 1,
    file: 'lib/reconcile/sweep.ts',
    fragment: 'await wake(woken, ports);',
    becomes: 'if (woken.length > 99) await wake(woken, ports);',
  },
  {
    name: 'whether the plan is the newest is checked once, at the start, and what it says is then written over whatever is there',
    seed: 13,
    file: 'lib/reconcile/apply.ts',
    fragment: `  if ((await ports.registry.putIntent(intent, head)) === 'superseded') return { kind: 'superseded' };
`,
    becomes: `  const first = await readSerial(head, zone, ports);
  if (fence.before !== undefined && parseSerial(first)?.serial !== fence.next - 1) return { kind: 'superseded' };
  if ((await ports.registry.putIntent(intent, head)) === 'superseded') return { kind: 'superseded' };
`,
    also: [
      {
        fragment: 'const wire = wireChanges(changes, fence.before, serialSet(owner, zone, fence.next, batch));',
        becomes: `const last = await readSerial(head, zone, ports);
  const there = [...(await Promise.all(changes.map((change) => setsThere(change, zone, ports)))).flat(), ...(last.set === undefined ? [] : [last.set])];
  const come = [...changes.flatMap((change) => afterOf(change) ?? []), serialSet(owner, zone, (parseSerial(last)?.serial ?? fence.next - 1) + 1, batch)];
  const wire = [
    ...there.map((set) => ({ action: 'DELETE' as const, set: set as never })),
    ...come.map((set) => ({ action: 'CREATE' as const, set })),
  ];`,
      },
      {
        fragment: 'async function drop(',
        becomes: `async function setsThere(change: Change, zone: Zone, ports: ZonePorts) {
  const before = beforeOf(change);
  if (before === undefined) return [];
  return (await ports.dns.read(zone.id, before.name, before.type)).filter((each) => setKey(each) === setKey(before));
}

async function drop(`,
      },
    ],
  },
  {
    name: 'the first listed record is taken for the one that was asked for',
    seed: 37,
    file: 'lib/aws/route53.ts',
    fragment: 'return sets.filter((set) => set.name === name && set.type === type);',
    becomes: 'return sets.slice(0, 1);',
  },
  {
    name: 'the first set of a name is taken for the one that is looked for',
    seed: 279,
    file: 'lib/reconcile/findings.ts',
    fragment: 'const observed = found.find((each) => setKey(each) === key);',
    becomes: 'const observed = found[0];',
  },
  {
    name: 'a message is deleted though nothing of it was stored',
    seed: 12,
    file: 'lambdas/observe.ts',
    fragment: 'if (messages.length === 1) return messages.map((message) => message.id);',
    becomes: 'if (messages.length === 1) return [];',
  },
  {
    name: 'the time-out of a hook is never begun anew',
    seed: 9,
    file: 'lib/reconcile/hooks.ts',
    fragment: 'if (nowMs < dueMs) return',
    becomes: 'if (nowMs < dueMs + 7_200_000) return',
  },
  {
    name: 'a launch goes on as soon as Route 53 has accepted its names',
    seed: 134,
    file: 'lib/reconcile/launches.ts',
    fragment: "=== 'pending') return false;",
    becomes: "=== 'unknown') return false;",
  },
  {
    name: 'the last page of the instances is left out',
    seed: 20,
    file: 'lib/aws/ec2.ts',
    fragment: '      instances.push(',
    becomes: `      if (pages > 0 && !page.NextToken) break;
      instances.push(`,
  },
  {
    name: 'a page of a zone is taken for the whole',
    seed: 8,
    file: 'lib/reconcile/audit.ts',
    fragment: '    if (cursor === undefined) break;',
    becomes: `    cursor = undefined;
    break;`,
  },
  {
    name: 'what a batch took away is forgotten where its answer was lost',
    seed: 131,
    file: 'lib/reconcile/intents.ts',
    fragment: 'await record(intent, { head, zone, settlement }, ports);',
    becomes: 'await record({ ...intent, withdrawn: [] }, { head, zone, settlement }, ports);',
  },
  {
    name: 'a fact is written over whatever another has made of it meanwhile',
    seed: 70,
    file: 'lib/aws/registry/facts.ts',
    fragment: 'before.version + 1, table.clock.now()), atVersion(before.version)),',
    becomes: 'before.version + 1, table.clock.now())),',
  },
  {
    name: 'a slot is written over whatever another has made of it meanwhile',
    seed: 70,
    file: 'lib/aws/registry/roles.ts',
    fragment: 'table.put(items.slotItem(after), atVersion(before?.version ?? 0))',
    becomes: 'table.put(items.slotItem(after))',
    also: [
      {
        fragment: `...atVersion(before?.version ?? 0),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',`,
        becomes: '',
      },
      {
        fragment: '...(head === undefined ? [] : [table.check(items.headKey(head.group), atEpoch(head))]),',
        becomes: '',
      },
    ],
  },
  {
    name: 'a wake-up is deduplicated by what it says',
    seed: 9,
    file: 'lib/aws/work-queue.ts',
    fragment: 'MessageDeduplicationId: random.id(),',
    becomes: 'MessageDeduplicationId: group,',
  },
  {
    name: 'who has drained is given up, not let go on',
    seed: 9,
    file: 'lib/aws/autoscaling.ts',
    fragment: "LifecycleActionResult: 'CONTINUE'",
    becomes: "LifecycleActionResult: 'ABANDON'",
  },
  {
    name: 'an address is taken from whoever is believed to be down or no member, unread',
    seed: 49,
    file: 'lib/reconcile/still-entitled.ts',
    fragment: 'if (losers.size === 0) return',
    becomes: 'if (losers.size >= 0) return',
  },
  {
    name: 'a mark of a kind that only another version knows is taken for one of ours, and cleared',
    seed: 45,
    file: 'lib/aws/registry/items.ts',
    fragment: 'return Object.hasOwn(KNOWN_SUBJECTS, subject.kind);',
    becomes: "return subject.kind !== '' || Object.hasOwn(KNOWN_SUBJECTS, subject.kind);",
    also: [
      {
        fragment: "      return key(groupPk(mark.group), '1#mark#serial');",
        becomes: `      return key(groupPk(mark.group), '1#mark#serial');
    default:
      return key(groupPk(mark.group), \`1#mark#\${subject['kind']}#\${subject[subject['kind']]}\`);`,
      },
    ],
  },
  {
    name: 'a fact that is written again loses what another version added to it',
    seed: 45,
    file: 'lib/aws/registry/items.ts',
    fragment: 'const { version: _stored, ...rest } = fact;',
    becomes: `const ours = [
    'instanceId', 'account', 'region', 'gone', 'closedUpToMs', 'closedLaunchTimeMs', 'openedAtMs', 'openedSeenAtMs',
    'description', 'readAtMs', 'absentSweeps', 'absentCountedAtMs', 'health', 'drains', 'host',
  ];
  const rest = Object.fromEntries(Object.entries(fact).filter(([field]) => ours.includes(field)));`,
  },
  {
    name: 'a message of a kind that only another version knows comes back again and again, and holds up its group',
    seed: 127,
    file: 'lambdas/reconcile.ts',
    fragment: 'return failures([...stuck, ...failed]);',
    becomes: 'return failures([...stuck, ...unclear, ...failed]);',
  },
  {
    name: 'a message with a field that only another version knows is not understood',
    seed: 259,
    file: 'lib/events/own-message.ts',
    fragment: 'const WAKE = v.object({',
    becomes: "const WAKE = v.strictObject({ kind: v.literal('wake'),",
  },
];
