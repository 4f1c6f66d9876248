import { type JsonObject, parseJsonObject } from '../json.ts';
import type { Service, WireRequest, WireResponse } from '../wire.ts';
import { CloudWatchError } from './cloudwatch-error.ts';
import { type Alarm, ALARM_STATES, type AlarmState, CloudWatchModel, type CloudWatchSettings } from './model.ts';

const TARGET = /^GraniteServiceVersion20100801\.(\w+)$/;
const LARGEST_PAGE = 100;
const DEFAULT_PAGE = 50;
const SETTINGS_TOLD = [
  'AlarmDescription',
  'Namespace',
  'MetricName',
  'Dimensions',
  'Statistic',
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
] as const;

type Operation = (request: JsonObject, model: CloudWatchModel) => JsonObject;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  PutMetricAlarm: (request, model) => {
    for (const field of ['ComparisonOperator', 'EvaluationPeriods', 'MetricName', 'Namespace', 'Period'])
      if (request[field] === undefined) throw missing(field);
    model.put(required(request, 'AlarmName'), request);
    return {};
  },
  SetAlarmState: (request, model) => {
    model.setState(required(request, 'AlarmName'), stateOf(request), required(request, 'StateReason'));
    return {};
  },
  DescribeAlarms: describeAlarms,
  DeleteAlarms: (request, model) => {
    model.delete(texts(request['AlarmNames']));
    return {};
  },
};

/** CloudWatch's metric alarms over the JSON 1.0 protocol, and their state. */
export function createCloudWatch(settings: CloudWatchSettings): {
  readonly service: Service;
  readonly model: CloudWatchModel;
} {
  const model = new CloudWatchModel(settings);
  const answer = (status: number, body: JsonObject, headers: Readonly<Record<string, string>> = {}): WireResponse => ({
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': settings.newId(), ...headers },
    body: JSON.stringify(body),
  });
  const failure = (status: number, code: string, message: string): WireResponse =>
    answer(
      status,
      { __type: code, message },
      { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` },
    );
  const service: Service = {
    name: 'monitoring',
    operationOf: ({ headers }) => TARGET.exec(headers['x-amz-target'] ?? '')?.[1],
    handle: async (operation: string, request: WireRequest) => {
      const carryOut = OPERATIONS[operation];
      if (carryOut === undefined) {
        const known = Object.keys(OPERATIONS).join(', ');
        const message = `The local account has no CloudWatch operation ${operation}; it has ${known}`;
        return failure(400, 'UnsupportedOperation', message);
      }
      try {
        return answer(200, carryOut(parseJsonObject(request.body) ?? {}, model));
      } catch (error) {
        if (error instanceof CloudWatchError) return failure(error.status, error.code, error.message);
        throw error;
      }
    },
    failure,
  };
  return { service, model };
}

function describeAlarms(request: JsonObject, model: CloudWatchModel): JsonObject {
  const names = texts(request['AlarmNames']);
  const prefix = textOf(request, 'AlarmNamePrefix');
  if (names.length > 0 && prefix !== undefined) {
    throw new CloudWatchError('InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix exclude each other.');
  }
  const state = request['StateValue'] === undefined ? undefined : stateOf(request);
  const size = Number(request['MaxRecords'] ?? DEFAULT_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
    throw new CloudWatchError('ValidationError', `MaxRecords is a whole number from 1 to ${LARGEST_PAGE}.`);
  }
  const after = textOf(request, 'NextToken');
  const matching = model
    .list()
    .filter(({ name }) => (names.length === 0 || names.includes(name)) && name.startsWith(prefix ?? ''))
    .filter((alarm) => (state === undefined || alarm.state === state) && (after === undefined || alarm.name > after));
  const page = matching.slice(0, size);
  const isWhole = page.length === matching.length;
  return {
    MetricAlarms: page.map((alarm) => alarmJson(alarm, model)),
    CompositeAlarms: [],
    ...(isWhole ? {} : { NextToken: page.at(-1)?.name }),
  };
}

function alarmJson(alarm: Alarm, model: CloudWatchModel): JsonObject {
  return {
    ...Object.fromEntries(SETTINGS_TOLD.map((field) => [field, alarm.settings[field]])),
    AlarmName: alarm.name,
    AlarmArn: model.arnOf(alarm),
    ActionsEnabled: true,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.updatedAtMs / 1000,
    StateTransitionedTimestamp: alarm.changedAtMs / 1000,
  };
}

function stateOf(request: JsonObject): AlarmState {
  const given = required(request, 'StateValue');
  const state = ALARM_STATES.find((each) => each === given);
  if (state !== undefined) return state;
  throw new CloudWatchError('ValidationError', `StateValue is one of ${ALARM_STATES.join(', ')}, not '${given}'.`);
}

function required(request: JsonObject, field: string): string {
  const value = textOf(request, field);
  if (value === undefined || value === '') throw missing(field);
  return value;
}

function missing(field: string): CloudWatchError {
  return new CloudWatchError('MissingParameter', `The parameter ${field} is required.`);
}

function textOf(request: JsonObject, field: string): string | undefined {
  const value = request[field];
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  return entries.map(String);
}
