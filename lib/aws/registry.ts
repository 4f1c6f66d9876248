import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock, Random } from '../model/clock.ts';
import { afterOf, beforeOf } from '../model/change.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { Fact } from '../model/fact.ts';
import type { JournalEntry } from '../model/journal.ts';
import { type Intent, type Mark, type NewMark, type Note, type ZoneTrouble } from '../model/ledger.ts';
import { setKey } from '../model/record-set.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import type { Commit, DnsCursor, FactUpdate, Registry, Settlement, SlotWrite } from '../reconcile/ports.ts';
import { failureOf } from './error-codes.ts';
import * as items from './registry-items.ts';
import { type Action, MAX_ACTIONS, transact } from './transaction.ts';

const BATCH_GET_KEYS = 100;
const BATCH_GET_ROUNDS = 8;
/** A journal item stays well below DynamoDB's 400 KB. */
const ENTRIES_PER_ITEM = 200;

export interface RegistrySettings {
  readonly table: string;
}

/** Every method may throw `ServiceFailure`; see the port for what each promises. */
export function createRegistry(
  client: DynamoDBClient,
  settings: RegistrySettings,
  clock: Clock,
  random: Random,
): Registry {
  return new DynamoRegistry(client, settings.table, clock, random);
}

class DynamoRegistry implements Registry {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(client: DynamoDBClient, table: string, clock: Clock, random: Random) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  async readFacts(instanceIds: readonly string[]): Promise<{ installation?: Installation; facts: Fact[] }> {
    const found = await this.#get(
      [items.INSTALLATION_KEY, ...new Set(instanceIds)].map((each) =>
        typeof each === 'string' ? items.factKey(each) : each,
      ),
    );
    const installation = found.find((item) => item['pk']?.S === items.INSTALLATION_KEY.pk.S);
    return {
      ...(installation === undefined ? {} : { installation: items.installationOf(installation) }),
      facts: found.filter((item) => item['pk']?.S === items.factsPk).map(items.factOf),
    };
  }

  async readAllFacts(): Promise<{ installation?: Installation; facts: Fact[] }> {
    const [installation, facts] = await Promise.all([this.readInstallation(), this.#query(items.factsPk)]);
    return { ...(installation === undefined ? {} : { installation }), facts: facts.map(items.factOf) };
  }

  async saveFacts(updates: readonly FactUpdate[]): Promise<readonly string[]> {
    const refused: string[] = [];
    for (const part of partsOf(updates.map((update) => ({ update, actions: this.#factActions(update) })))) {
      refused.push(...(await this.#savePart(part)));
    }
    return refused;
  }

  async #savePart(part: readonly FactPart[]): Promise<string[]> {
    const unmet = new Set(
      await transact(
        this.#client,
        this.#clock,
        part.flatMap(({ actions }) => actions),
      ),
    );
    if (unmet.size === 0) return [];
    let first = 0;
    const stale = part.filter(({ actions }) => {
      const isStale = actions.some((_action, place) => unmet.has(first + place));
      first += actions.length;
      return isStale;
    });
    const rest = part.filter((each) => !stale.includes(each));
    const refused = stale.map(({ update }) => update.after.instanceId);
    return rest.length === 0 ? refused : [...refused, ...(await this.#savePart(rest))];
  }

  #factActions({ before, after, members, removedRoles, marks }: FactUpdate): Action[] {
    const condition =
      before.version === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': { N: String(before.version) } },
          };
    return [
      {
        write: {
          Put: {
            TableName: this.#table,
            Item: items.factItem(after, before.version + 1, this.#clock.now()),
            ...condition,
          },
        },
      },
      ...members.map((member) => this.#put(items.bodyItem(items.memberKey(member.role, member.instanceId), member))),
      ...removedRoles.map((role) => this.#delete(items.memberKey(role, after.instanceId))),
      ...marks.map((mark) => this.#mark(mark)),
    ];
  }

  async dirtyGroups(
    instances: readonly { instanceId: string; groups: readonly string[] }[],
  ): Promise<readonly string[]> {
    const keys = instances.flatMap(({ instanceId, groups }) =>
      groups.map((group) => items.instanceMarkKey(group, instanceId)),
    );
    if (keys.length === 0) return [];
    const found = await this.#get(keys);
    return [...new Set(found.map((item) => items.markOf(item).group))].sort();
  }

  async putMarks(marks: readonly NewMark[]): Promise<void> {
    await this.#inParts(marks.map((mark) => this.#mark(mark)));
  }

  async readGroup(group: string): ReturnType<Registry['readGroup']> {
    const found = await this.#query(items.groupPk(group), {
      condition: '#sk BETWEEN :from AND :to',
      values: { ':from': { S: items.PASS_RANGE.from }, ':to': { S: items.PASS_RANGE.to } },
    });
    const head = found.find((item) => items.text(item, 'sk') === '0#head');
    return {
      ...(head === undefined ? {} : { head: items.headOf(head) }),
      marks: found.filter((item) => items.text(item, 'sk').startsWith('1#')).map(items.markOf),
      intents: found.filter((item) => items.text(item, 'sk').startsWith('2#')).map(items.intentOf),
    };
  }

  async readRole(role: string): ReturnType<Registry['readRole']> {
    const found = await this.#query(items.rolePk(role));
    const of = (prefix: string) => found.filter((item) => items.text(item, 'sk').startsWith(prefix));
    const definition = of('definition')[0];
    return {
      role,
      ...(definition === undefined ? {} : { definition: items.definitionOf(definition) }),
      members: of('member#').map(items.memberOf),
      slots: of('slot#').map(items.slotOf),
    };
  }

  async readLedger(zoneId: string, role?: string): ReturnType<Registry['readLedger']> {
    const found = await this.#query(items.groupPk(zoneId), {
      condition: 'begins_with(#sk, :prefix)',
      values: { ':prefix': { S: items.ledgerPrefix(role) } },
    });
    const isSet = (item: items.Item) => items.text(item, 'sk').split('#')[2] === 'set';
    return {
      sets: found.filter(isSet).map(items.ledgerSetOf),
      notes: found.filter((item) => !isSet(item)).map(items.noteOf),
    };
  }

  async putIntent(intent: Intent): Promise<void> {
    await answered(
      this.#client.send(
        new PutItemCommand({ TableName: this.#table, Item: items.bodyItem(items.intentKey(intent), intent) }),
      ),
    );
  }

  async commit(commit: Commit, acceptedAtMs: number): Promise<'committed' | 'superseded'> {
    const actions = [...this.#ledgerActions(commit.intent), ...this.#settled(commit.intent.zoneId, commit)];
    const room = MAX_ACTIONS - 2;
    const last = Math.max(0, Math.ceil(actions.length / room) - 1);
    for (let part = 0; part <= last; part += 1) {
      const chunk = actions.slice(part * room, (part + 1) * room);
      const fence = part === last ? this.#moveSerial(commit.intent, acceptedAtMs) : [this.#holdSerial(commit.intent)];
      const unmet = await transact(this.#client, this.#clock, [...fence, ...chunk]);
      if (unmet.length > 0) return 'superseded';
    }
    return 'committed';
  }

  #ledgerActions(intent: Intent): Action[] {
    return intent.changes.map((change) => {
      const after = afterOf(change);
      if (after === undefined) {
        const before = beforeOf(change);
        return this.#delete(items.setItemKey(intent.zoneId, change.role, before === undefined ? '' : setKey(before)));
      }
      const { role, contributors } = change;
      return this.#put(items.setItem(intent.zoneId, { role, set: after, contributors, serial: intent.toSerial }));
    });
  }

  /** The condition that fences every part of a commit: nobody has moved the serial since the plan was made. */
  #serialCondition(intent: Intent) {
    return intent.fromSerial === undefined
      ? { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#serial)', values: {} }
      : { ConditionExpression: '#serial = :from', values: { ':from': { N: String(intent.fromSerial) } } };
  }

  #holdSerial(intent: Intent): Action {
    const { ConditionExpression, values } = this.#serialCondition(intent);
    return {
      write: {
        ConditionCheck: {
          TableName: this.#table,
          Key: items.headKey(intent.zoneId),
          ConditionExpression,
          ExpressionAttributeNames: { '#serial': 'serial' },
          ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
        },
      },
    };
  }

  #moveSerial(intent: Intent, acceptedAtMs: number): Action[] {
    const { ConditionExpression, values } = this.#serialCondition(intent);
    const grown = intent.changes.reduce(
      (sum, { action }) => sum + (action === 'create' ? 1 : action === 'delete' ? -1 : 0),
      0,
    );
    return [
      {
        write: {
          Update: {
            TableName: this.#table,
            Key: items.headKey(intent.zoneId),
            UpdateExpression: 'SET #serial = :to, #batch = :batch, #acceptedAtMs = :acceptedAtMs REMOVE #trouble ADD #ownedSets :grown',
            ConditionExpression,
            ExpressionAttributeNames: {
              '#serial': 'serial',
              '#batch': 'batch',
              '#acceptedAtMs': 'acceptedAtMs',
              '#ownedSets': 'ownedSets',
              '#trouble': 'trouble',
            },
            ExpressionAttributeValues: {
              ...values,
              ':to': { N: String(intent.toSerial) },
              ':batch': { S: intent.batch },
              ':acceptedAtMs': { N: String(acceptedAtMs) },
              ':grown': { N: String(grown) },
            },
          },
        },
      },
      this.#delete(items.intentKey(intent)),
    ];
  }

  async settle(group: string, done: Settlement): Promise<void> {
    await this.#inParts([
      ...done.dropIntents.map((intent) => this.#delete(items.intentKey(intent))),
      ...this.#settled(group, done),
    ]);
  }

  #settled(group: string, done: Omit<Settlement, 'dropIntents'>): Action[] {
    const atMs = this.#clock.now();
    const journal: Action[] = [];
    for (let first = 0; first < done.journal.length; first += ENTRIES_PER_ITEM) {
      const entries = done.journal.slice(first, first + ENTRIES_PER_ITEM);
      journal.push(this.#put(items.journalItem(entries, atMs, this.#random.id())));
    }
    return [
      ...done.clearMarks.map((mark) => this.#clearMark(mark)),
      ...done.putNotes.map((note) => this.#put(items.bodyItem(items.noteKey(group, note), note))),
      ...done.clearNotes.map((note: Note) => this.#delete(items.noteKey(group, note))),
      ...journal,
    ];
  }

  async writeSlots(writes: readonly SlotWrite[], marks: readonly NewMark[]): Promise<boolean> {
    const unmet = await transact(this.#client, this.#clock, [
      ...writes.map(
        ({ before, after }): Action => ({
          write: {
            Put: {
              TableName: this.#table,
              Item: items.slotItem(after),
              ...(before === undefined
                ? { ConditionExpression: 'attribute_not_exists(pk)' }
                : {
                    ConditionExpression: '#version = :version',
                    ExpressionAttributeNames: { '#version': 'version' },
                    ExpressionAttributeValues: { ':version': { N: String(before.version) } },
                  }),
            },
          },
        }),
      ),
      ...marks.map((mark) => this.#mark(mark)),
    ]);
    return unmet.length === 0;
  }

  async journal(entries: readonly JournalEntry[]): Promise<void> {
    await this.#inParts(
      this.#settled(ADDRESSES_GROUP, { clearMarks: [], putNotes: [], clearNotes: [], journal: entries }),
    );
  }

  async readInstallation(): Promise<Installation | undefined> {
    const { Item } = await answered(
      this.#client.send(
        new GetItemCommand({ TableName: this.#table, Key: items.INSTALLATION_KEY, ConsistentRead: true }),
      ),
    );
    return Item === undefined ? undefined : items.installationOf(Item);
  }

  async install(installation: Installation, removedRoles: readonly string[]): Promise<void> {
    const { owner, zones, roles } = installation;
    await this.#inParts([
      ...zones.map((zone) => this.#head({ group: zone.id, owner, zone })),
      this.#head({ group: ADDRESSES_GROUP, owner }),
      ...roles.map((role) => this.#put(items.bodyItem(items.definitionKey(role.role), role))),
      ...removedRoles.map((role) => this.#delete(items.definitionKey(role))),
    ]);
    await answered(
      this.#client.send(
        new PutItemCommand({ TableName: this.#table, Item: items.bodyItem(items.INSTALLATION_KEY, installation) }),
      ),
    );
  }

  #head(body: items.HeadBody): Action {
    return {
      write: {
        Update: {
          TableName: this.#table,
          Key: items.headKey(body.group),
          UpdateExpression: 'SET #body = :body',
          ExpressionAttributeNames: { '#body': 'body' },
          ExpressionAttributeValues: { ':body': { S: JSON.stringify(body) } },
        },
      },
    };
  }

  async retire(installation: Installation): Promise<void> {
    const groups = [...installation.zones.map((zone) => zone.id), ADDRESSES_GROUP];
    await this.#inParts([
      this.#put(items.bodyItem(items.INSTALLATION_KEY, { ...installation, retired: true })),
      ...groups.map(
        (group): Action => ({
          write: {
            Update: {
              TableName: this.#table,
              Key: items.headKey(group),
              UpdateExpression: 'SET #retired = :true',
              ExpressionAttributeNames: { '#retired': 'retired' },
              ExpressionAttributeValues: { ':true': { BOOL: true } },
            },
          },
        }),
      ),
    ]);
  }

  async takeSweepLease(holder: string, nowMs: number, untilMs: number): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: items.LEASE_KEY,
          UpdateExpression: 'SET #holder = :holder, #until = :until',
          ConditionExpression: 'attribute_not_exists(#until) OR #until <= :now',
          ExpressionAttributeNames: { '#holder': 'holder', '#until': 'until' },
          ExpressionAttributeValues: {
            ':holder': { S: holder },
            ':now': { N: String(nowMs) },
            ':until': { N: String(untilMs) },
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw failureOf(error);
    }
  }

  async releaseSweepLease(holder: string): Promise<void> {
    try {
      await this.#client.send(
        new DeleteItemCommand({
          TableName: this.#table,
          Key: items.LEASE_KEY,
          ConditionExpression: '#holder = :holder',
          ExpressionAttributeNames: { '#holder': 'holder' },
          ExpressionAttributeValues: { ':holder': { S: holder } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw failureOf(error);
    }
  }

  async writeTrouble(group: string, trouble: ZoneTrouble): Promise<void> {
    await answered(
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { ...items.headKey(group) },
          UpdateExpression: 'SET #trouble = :trouble',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#trouble': 'trouble' },
          ExpressionAttributeValues: { ':trouble': { S: trouble } },
        }),
      ),
    );
  }

  async writeAuditCursor(zoneId: string, cursor: DnsCursor | undefined): Promise<void> {
    await answered(
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: items.headKey(zoneId),
          UpdateExpression: cursor === undefined ? 'REMOVE #auditCursor' : 'SET #auditCursor = :cursor',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#auditCursor': 'auditCursor' },
          ...(cursor === undefined ? {} : { ExpressionAttributeValues: { ':cursor': { S: JSON.stringify(cursor) } } }),
        }),
      ),
    );
  }

  #put(item: items.Item): Action {
    return { write: { Put: { TableName: this.#table, Item: item } } };
  }

  #delete(itemKey: items.Key): Action {
    return { write: { Delete: { TableName: this.#table, Key: { ...itemKey } } } };
  }

  #mark(mark: NewMark): Action {
    const { group, subject, reason } = mark;
    return {
      write: {
        Update: {
          TableName: this.#table,
          Key: { ...items.markKey(mark) },
          UpdateExpression: `SET #stamp = :stamp, #body = :body, #since = if_not_exists(#since, :since)${mark.roles.length === 0 ? '' : ' ADD #roles :roles'}`,
          ExpressionAttributeNames: {
            '#stamp': 'stamp',
            '#body': 'body',
            '#since': 'since',
            ...(mark.roles.length === 0 ? {} : { '#roles': 'roles' }),
          },
          ExpressionAttributeValues: {
            ':stamp': { S: this.#random.id() },
            ':body': { S: JSON.stringify({ group, subject, reason }) },
            ':since': { N: String(mark.sinceMs) },
            ...(mark.roles.length === 0 ? {} : { ':roles': { SS: [...new Set(mark.roles)] } }),
          },
        },
      },
    };
  }

  #clearMark(mark: Mark): Action {
    return {
      optional: true,
      write: {
        Delete: {
          TableName: this.#table,
          Key: { ...items.markKey(mark) },
          ConditionExpression: '#stamp = :stamp',
          ExpressionAttributeNames: { '#stamp': 'stamp' },
          ExpressionAttributeValues: { ':stamp': { S: mark.stamp } },
        },
      },
    };
  }

  /** For writes that need not be all or none. */
  async #inParts(actions: readonly Action[]): Promise<void> {
    for (let first = 0; first < actions.length; first += MAX_ACTIONS) {
      await transact(this.#client, this.#clock, actions.slice(first, first + MAX_ACTIONS));
    }
  }

  async #get(keys: readonly items.Key[]): Promise<items.Item[]> {
    const found: items.Item[] = [];
    for (let first = 0; first < keys.length; first += BATCH_GET_KEYS) {
      let wanted: items.Item[] | undefined = keys.slice(first, first + BATCH_GET_KEYS).map((each) => ({ ...each }));
      for (let round = 0; wanted !== undefined && wanted.length > 0; round += 1) {
        if (round === BATCH_GET_ROUNDS)
          throw new ServiceFailure('throttled', 'DynamoDB left keys of a BatchGetItem unprocessed');
        const answer: BatchGetItemCommandOutput = await answered(
          this.#client.send(
            new BatchGetItemCommand({ RequestItems: { [this.#table]: { Keys: wanted, ConsistentRead: true } } }),
          ),
        );
        found.push(...(answer.Responses?.[this.#table] ?? []));
        wanted = answer.UnprocessedKeys?.[this.#table]?.Keys;
      }
    }
    return found;
  }

  async #query(
    pk: string,
    range?: { readonly condition: string; readonly values: Record<string, { S: string }> },
  ): Promise<items.Item[]> {
    const found: items.Item[] = [];
    try {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: range === undefined ? '#pk = :pk' : `#pk = :pk AND ${range.condition}`,
          ExpressionAttributeNames: { '#pk': 'pk', ...(range === undefined ? {} : { '#sk': 'sk' }) },
          ExpressionAttributeValues: { ':pk': { S: pk }, ...range?.values },
        },
      );
      for await (const page of pages) found.push(...(page.Items ?? []));
    } catch (error) {
      throw failureOf(error);
    }
    return found;
  }
}

async function answered<Output>(call: Promise<Output>): Promise<Output> {
  try {
    return await call;
  } catch (error) {
    throw failureOf(error);
  }
}

interface FactPart {
  readonly update: FactUpdate;
  readonly actions: readonly Action[];
}

/** Whole updates together, as many as one transaction takes. */
function partsOf(updates: readonly FactPart[]): FactPart[][] {
  const parts: FactPart[][] = [];
  let size = MAX_ACTIONS;
  for (const update of updates) {
    if (size + update.actions.length > MAX_ACTIONS) {
      parts.push([]);
      size = 0;
    }
    parts[parts.length - 1]?.push(update);
    size += update.actions.length;
  }
  return parts;
}
