import { afterOf, beforeOf } from '../../model/change.ts';
import { ServiceFailure } from '../../model/errors.ts';
import type { Intent, Ledger } from '../../model/ledger.ts';
import { isOpen } from '../../model/request.ts';
import { setKey } from '../../model/record-set.ts';
import type { Commit, LedgerEdit, Registry, Settlement } from '../../reconcile/ports.ts';
import { atEpoch, both, callsAction, epochAction } from './epochs.ts';
import * as items from './items.ts';
import type { Item } from './items.ts';
import { withdrawalActions } from './drains.ts';
import { journalActions } from './journal.ts';
import { clearMarkAction, markAction } from './marks.ts';
import { atVersion, type Condition, type Table } from './table.ts';
import { type Action, MAX_ACTIONS } from './transaction.ts';

/** A small ledger is whole in it; of a large one so much is read in vain, usually less than 100 kB. */
const FIRST_PAGE = 100;
const READS_OF_HALF_A_MARK = 3;

type Groups = Pick<
  Registry,
  | 'readGroup'
  | 'readLedger'
  | 'saveCheck'
  | 'putIntent'
  | 'commit'
  | 'editLedger'
  | 'settle'
  | 'journal'
  | 'writeTrouble'
  | 'writePace'
  | 'writeAuditCursor'
>;

export function createGroups(table: Table): Groups {
  return {
    async readGroup(group) {
      const { found, isAll } = await readWholeMarks(table, group);
      const unknown = found.filter(isOfAnotherVersion);
      const standing = unknown.filter((item) => !isSettled(item, table.clock.now()));
      const of = (prefix: string) =>
        found.filter((item) => items.text(item, 'sk').startsWith(prefix) && !unknown.includes(item));
      const [head] = of('0#');
      return {
        ...(standing.length === 0 ? {} : { unknown: standing.map((item) => items.text(item, 'sk')) }),
        ...(head === undefined ? {} : { head: items.headOf(head) }),
        marks: of('1#').map(items.markOf),
        intents: of('2#intent#').map(items.intentOf),
        requests: of('2#request#')
          .map(items.requestOf)
          .filter((request) => isOpen(request, table.clock.now()))
          .sort((one, other) => one.atMs - other.atMs || (one.id < other.id ? -1 : 1)),
        ...(isAll ? { ledger: ledgerOf(of(items.ledgerPrefix())) } : {}),
      };
    },

    async readLedger(zoneId, role) {
      return ledgerOf(
        await table.query(items.groupPk(zoneId), {
          condition: 'begins_with(#sk, :prefix)',
          values: { ':prefix': { S: items.ledgerPrefix(role) } },
        }),
      );
    },

    async saveCheck(zoneId, before, after) {
      const action =
        after === undefined
          ? before === undefined
            ? undefined
            : table.delete(items.checkKey(zoneId, before), atVersion(before.version))
          : table.put(items.checkItem(zoneId, after), atVersion(before?.version ?? 0));
      return action === undefined || (await table.together([action])).length === 0;
    },

    async putIntent(intent, head) {
      const { unmet } = await table.transact([
        table.put(items.bodyItem(items.intentKey(intent), intent)),
        epochAction(table, intent.zoneId, head),
      ]);
      const [found] = unmet;
      if (found === undefined) return 'put';
      if (!head.retired && found.item?.['retired'] !== undefined)
        throw new ServiceFailure('conflict', `the zone ${intent.zoneId} was retired meanwhile`);
      return 'superseded';
    },

    async commit(commit, acceptedAtMs) {
      const { intent } = commit;
      const clears = commit.clearMarks.map((mark) => clearMarkAction(table, mark));
      const leftOut: Action[] = [];
      const actions = [
        ...ledgerActions(table, commit),
        ...withdrawalActions(table, commit, acceptedAtMs),
        ...(commit.restated ?? []).map((owned) => table.put(items.setItem(intent.zoneId, owned))),
        ...clears,
        ...sayActions(table, intent.zoneId, commit),
      ];
      const room = MAX_ACTIONS - 2;
      const last = Math.max(0, Math.ceil(actions.length / room) - 1);
      for (let part = 0; part <= last; part += 1) {
        const chunk = actions.slice(part * room, (part + 1) * room);
        const fence =
          part === last
            ? [moveSerial(table, commit, acceptedAtMs), table.delete(items.intentKey(intent))]
            : [table.check(items.headKey(intent.zoneId), serialUnmoved(intent))];
        const done = await table.transact([...fence, ...chunk]);
        if (done.unmet.length > 0) return 'superseded';
        leftOut.push(...done.leftOut);
      }
      return anyOf(leftOut, clears) ? 'marked-anew' : 'committed';
    },

    async editLedger(edit) {
      const { zoneId, put, remove, putMarks, grown } = edit;
      const actions = [
        ...put.map((owned) => table.put(items.setItem(zoneId, owned))),
        ...remove.map(({ role, set }) => table.delete(items.setItemKey(zoneId, role, setKey(set)))),
        ...putMarks.map((mark) => markAction(table, mark)),
        ...sayActions(table, zoneId, edit),
      ];
      const room = MAX_ACTIONS - 1;
      const last = Math.max(0, Math.ceil(actions.length / room) - 1);
      for (let part = 0; part <= last; part += 1) {
        const fence = editAction(table, edit, part, part === last ? grown : 0);
        const chunk = actions.slice(part * room, (part + 1) * room);
        if ((await table.together([fence, ...chunk])).length > 0) return 'superseded';
      }
      return 'written';
    },

    async settle(group, done) {
      const { dropIntents, clearMarks } = done;
      const clears = clearMarks.map((mark) => clearMarkAction(table, mark));
      const actions = [
        ...headActions(table, group, done),
        ...dropIntents.map((intent) => table.delete(items.intentKey(intent))),
        ...clears,
        ...sayActions(table, group, done),
      ];
      const { unmet, leftOut } = await table.inParts(actions);
      if (unmet.length > 0) return 'superseded';
      return anyOf(leftOut, clears) ? 'marked-anew' : 'settled';
    },

    async journal(entries) {
      await table.inParts(journalActions(table, entries));
    },

    async writeTrouble(group, trouble, sinceMs) {
      await table.change(items.headKey(group), {
        UpdateExpression: 'SET #trouble = :trouble, #troubleSince = :since',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#trouble': 'trouble', '#troubleSince': 'troubleSince' },
        ExpressionAttributeValues: { ':trouble': { S: trouble }, ':since': { N: String(sinceMs) } },
      });
    },

    async writePace(group, pace) {
      await table.change(items.headKey(group), {
        UpdateExpression: 'SET #pace = :pace',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#pace': 'pace' },
        ExpressionAttributeValues: { ':pace': { S: JSON.stringify(pace) } },
      });
    },

    async writeAuditCursor(zoneId, cursor) {
      await table.change(items.headKey(zoneId), {
        UpdateExpression: cursor === undefined ? 'REMOVE #auditCursor' : 'SET #auditCursor = :cursor',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#auditCursor': 'auditCursor' },
        ...(cursor === undefined ? {} : { ExpressionAttributeValues: { ':cursor': { S: JSON.stringify(cursor) } } }),
      });
    },
  };
}

/** What comes before the ledger, and the ledger too where all of it fits in the first page. */
async function readWork(table: Table, group: string): Promise<{ found: readonly Item[]; isAll: boolean }> {
  const pk = items.groupPk(group);
  const { found, isAll } = await table.first(pk, FIRST_PAGE);
  const last = found.at(-1);
  if (isAll || last === undefined || items.text(last, 'sk') >= items.LEDGER_FROM) return { found, isAll };
  const from = items.text(last, 'sk');
  const rest = await table.query(pk, {
    condition: '#sk BETWEEN :from AND :to',
    values: { ':from': { S: from }, ':to': { S: items.LEDGER_FROM } },
  });
  return { found: [...found, ...rest.filter((item) => items.text(item, 'sk') !== from)], isAll: false };
}

/** A mark that does not say of what may just be being written, where whoever keeps the table does not isolate reads. */
async function readWholeMarks(table: Table, group: string): ReturnType<typeof readWork> {
  let read = await readWork(table, group);
  for (let again = 1; again <= READS_OF_HALF_A_MARK && read.found.some(isHalfAMark); again += 1) {
    await table.clock.sleep(50 * again);
    read = await readWork(table, group);
  }
  return read;
}

function isHalfAMark(item: Item): boolean {
  return items.text(item, 'sk').startsWith('1#') && item['body'] === undefined;
}

/** Left to the version that wrote it: to clear it, or to answer it, would lose it. */
function isOfAnotherVersion(item: Item): boolean {
  const sk = items.text(item, 'sk');
  if (sk.startsWith('1#')) return !items.isKnownMark(item);
  return sk.startsWith('2#request#') && !items.isKnownRequest(item);
}

function isSettled(item: Item, nowMs: number): boolean {
  return items.text(item, 'sk').startsWith('2#') && !isOpen(items.requestOf(item), nowMs);
}

function ledgerOf(found: readonly Item[]): Ledger {
  const of = (kind: string) => found.filter((item) => items.text(item, 'sk').split('#')[2] === kind);
  return {
    sets: of('set').map(items.ledgerSetOf),
    notes: of('note').map(items.noteOf),
    checks: of('check').map(items.checkOf),
  };
}

function ledgerActions(
  table: Table,
  { intent: { zoneId, toSerial, changes }, changeId }: Pick<Commit, 'intent' | 'changeId'>,
): Action[] {
  const written = { serial: toSerial, ...(changeId === undefined ? {} : { changeId }) };
  return changes.flatMap((change) => {
    const { role, contributors } = change;
    const ours = change.action === 'update' && change.ours !== undefined ? { ours: change.ours } : {};
    const after = afterOf(change);
    if (after !== undefined)
      return [table.put(items.setItem(zoneId, { role, set: after, ...ours, contributors, ...written }))];
    const before = beforeOf(change);
    return before === undefined ? [] : [table.delete(items.setItemKey(zoneId, role, setKey(before)))];
  });
}

/** What fences every part of a commit: nobody has moved the serial since the plan was made. */
function serialUnmoved({ fromSerial }: Pick<Intent, 'fromSerial'>): Condition {
  const ExpressionAttributeNames = { '#serial': 'serial' };
  return fromSerial === undefined
    ? { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#serial)', ExpressionAttributeNames }
    : {
        ConditionExpression: '#serial = :from',
        ExpressionAttributeNames,
        ExpressionAttributeValues: { ':from': { N: String(fromSerial) } },
      };
}

/** What fences one part of an edit, and counts so many sets; where it moves the epoch on, each part is one step. */
function editAction(table: Table, edit: LedgerEdit, part: number, grown: number): Action {
  const { zoneId, epoch, movesEpoch = false } = edit;
  const serial = serialUnmoved(edit);
  const read = epoch === undefined ? serial : both(serial, atEpoch({ epoch: movesEpoch ? epoch + part : epoch }));
  if (!movesEpoch && grown === 0) return table.check(items.headKey(zoneId), read);
  const added = [...(grown === 0 ? [] : ['#ownedSets :grown']), ...(movesEpoch ? ['#epoch :one'] : [])];
  return table.update(items.headKey(zoneId), {
    UpdateExpression: `ADD ${added.join(', ')}`,
    ConditionExpression: read.ConditionExpression,
    ExpressionAttributeNames: {
      ...read.ExpressionAttributeNames,
      ...(grown === 0 ? {} : { '#ownedSets': 'ownedSets' }),
      ...(movesEpoch ? { '#epoch': 'epoch' } : {}),
    },
    ExpressionAttributeValues: {
      ...read.ExpressionAttributeValues,
      ...(grown === 0 ? {} : { ':grown': { N: String(grown) } }),
      ...(movesEpoch ? { ':one': { N: '1' } } : {}),
    },
  });
}

function moveSerial(table: Table, { intent, pace, keepsTrouble }: Commit, acceptedAtMs: number): Action {
  const { movesTo } = intent;
  const sets = [
    '#serial = :to, #batch = :batch, #acceptedAtMs = :acceptedAtMs',
    ...(pace === undefined ? [] : ['#pace = :pace']),
    ...(movesTo === undefined ? [] : ['#serialOwner = :movesTo']),
  ];
  const removes = [...(keepsTrouble === true ? [] : ['#trouble']), ...(pace === undefined ? ['#pace'] : [])];
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = serialUnmoved(intent);
  return table.update(items.headKey(intent.zoneId), {
    UpdateExpression: `SET ${sets.join(', ')}${removes.length === 0 ? '' : ` REMOVE ${removes.join(', ')}`} ADD #ownedSets :grown`,
    ConditionExpression,
    ExpressionAttributeNames: {
      ...ExpressionAttributeNames,
      '#batch': 'batch',
      '#acceptedAtMs': 'acceptedAtMs',
      '#ownedSets': 'ownedSets',
      ...(keepsTrouble === true ? {} : { '#trouble': 'trouble' }),
      ...(movesTo === undefined ? {} : { '#serialOwner': 'serialOwner' }),
      '#pace': 'pace',
    },
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ...(movesTo === undefined ? {} : { ':movesTo': { S: movesTo } }),
      ...(pace === undefined ? {} : { ':pace': { S: JSON.stringify(pace) } }),
      ':to': { N: String(intent.toSerial) },
      ':batch': { S: intent.batch },
      ':acceptedAtMs': { N: String(acceptedAtMs) },
      ':grown': { N: String(intent.grown) },
    },
  });
}

/** With the first part: of two that read the same, only one goes on. */
function headActions(table: Table, group: string, { head, calls }: Pick<Settlement, 'head' | 'calls'>): Action[] {
  if (head !== undefined) return [epochAction(table, group, head, calls)];
  return calls === undefined ? [] : [callsAction(table, group, calls)];
}

function anyOf(actions: readonly Action[], wanted: readonly Action[]): boolean {
  const known = new Set(wanted);
  return actions.some((action) => known.has(action));
}

function sayActions(
  table: Table,
  group: string,
  done: Pick<Settlement, 'putNotes' | 'clearNotes' | 'journal'>,
): Action[] {
  return [
    ...done.putNotes.map((note) => table.put(items.bodyItem(items.noteKey(group, note), note))),
    ...done.clearNotes.map((note) => table.delete(items.noteKey(group, note))),
    ...journalActions(table, done.journal),
  ];
}
