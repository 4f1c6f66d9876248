import { isRecord, type JsonObject } from '../json.ts';
import type { Timeline } from '../timeline.ts';
import { CloudWatchError } from './cloudwatch-error.ts';

export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/** A metric alarm: its settings as they were put, and its state. */
export interface Alarm {
  readonly name: string;
  readonly settings: JsonObject;
  readonly state: AlarmState;
  readonly reason: string;
  /** Any update of the state, also to the same. */
  readonly updatedAtMs: number;
  readonly changedAtMs: number;
}

export interface CloudWatchSettings {
  readonly timeline: Timeline;
  readonly newId: () => string;
  readonly account: string;
  readonly region: string;
  readonly emit: (event: JsonObject) => void;
}

/** The metric alarms of one account and region. No metric is evaluated: SetAlarmState alone changes a state. */
export class CloudWatchModel {
  /** Changes of state send no events while this is set, as AWS now and then sends none. */
  silent = false;
  readonly #settings: CloudWatchSettings;
  readonly #alarms = new Map<string, Alarm>();

  constructor(settings: CloudWatchSettings) {
    this.#settings = settings;
  }

  /** "The state of a new alarm is INSUFFICIENT_DATA"; an update keeps it (PutMetricAlarm). */
  put(name: string, settings: JsonObject): void {
    const before = this.#alarms.get(name);
    const atMs = this.#settings.timeline.now();
    const fresh = { state: 'INSUFFICIENT_DATA' as const, reason: 'Unchecked: Initial alarm creation' };
    this.#alarms.set(name, { ...(before ?? { ...fresh, updatedAtMs: atMs, changedAtMs: atMs }), name, settings });
  }

  setState(name: string, state: AlarmState, reason: string): void {
    const before = this.#alarms.get(name);
    if (before === undefined) throw new CloudWatchError('ResourceNotFound', `Unknown alarm ${name}`, 404);
    const atMs = this.#settings.timeline.now();
    const changedAtMs = before.state === state ? before.changedAtMs : atMs;
    const after = { ...before, state, reason, updatedAtMs: atMs, changedAtMs };
    this.#alarms.set(name, after);
    if (before.state !== state && !this.silent) this.#announce(before, after);
  }

  /** None is deleted when one does not exist (DeleteAlarms). */
  delete(names: readonly string[]): void {
    const missing = names.find((name) => !this.#alarms.has(name));
    if (missing !== undefined) throw new CloudWatchError('ResourceNotFound', `Unknown alarm ${missing}`, 404);
    for (const name of names) this.#alarms.delete(name);
  }

  /** By name. */
  list(): readonly Alarm[] {
    return [...this.#alarms.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  arnOf({ name }: Alarm): string {
    const { region, account } = this.#settings;
    return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
  }

  /** "Alarm events and EventBridge" (Amazon CloudWatch User Guide). */
  #announce(before: Alarm, after: Alarm): void {
    const { newId, account, region, emit } = this.#settings;
    emit({
      version: '0',
      id: newId(),
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account,
      time: `${new Date(after.changedAtMs).toISOString().slice(0, 19)}Z`,
      region,
      resources: [this.arnOf(after)],
      detail: {
        alarmName: after.name,
        configuration: { metrics: metricsOf(after.settings, newId) },
        previousState: stateOf(before),
        state: stateOf(after),
      },
    });
  }
}

function stateOf({ state, reason, changedAtMs }: Alarm): JsonObject {
  return { value: state, reason, timestamp: new Date(changedAtMs).toISOString().replace('Z', '+0000') };
}

function metricsOf(settings: JsonObject, newId: () => string): readonly JsonObject[] {
  const { Namespace: namespace, MetricName: name, Period: period, Statistic: stat } = settings;
  const metric = { namespace, name, dimensions: dimensionsOf(settings['Dimensions']) };
  return [{ id: newId(), metricStat: { metric, period, stat }, returnData: true }];
}

function dimensionsOf(dimensions: unknown): JsonObject {
  const pairs: readonly unknown[] = Array.isArray(dimensions) ? dimensions : [];
  return Object.fromEntries(pairs.flatMap((pair) => (isRecord(pair) ? [[String(pair['Name']), pair['Value']]] : [])));
}
