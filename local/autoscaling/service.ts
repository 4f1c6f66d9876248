import { QueryForm } from '../ec2/query-form.ts';
import { element, text } from '../ec2/xml.ts';
import type { Service, WireRequest, WireResponse } from '../wire.ts';
import { type LifecycleHook, ScalingGroups } from './groups.ts';
import type { ActionName, AutoScalingSettings, LifecycleResult, Transition } from './model.ts';
import { AutoScalingError, AutoScalingModel } from './model.ts';

const NAMESPACE = 'http://autoscaling.amazonaws.com/doc/2011-01-01/';

interface State {
  readonly model: AutoScalingModel;
  readonly groups: ScalingGroups;
}

/** What stands inside the operation's result element. */
type Operation = (form: QueryForm, state: State) => string;

/** "HeartbeatTimeout … default 3600", "DefaultResult … ABANDON" (PutLifecycleHook). */
const DEFAULT_HEARTBEAT_SECONDS = 3_600;

const TRANSITIONS = {
  'autoscaling:EC2_INSTANCE_LAUNCHING': 'launching',
  'autoscaling:EC2_INSTANCE_TERMINATING': 'terminating',
} as const;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CompleteLifecycleAction: (form, { model }) => {
    model.complete(actionName(form), resultOf(form, 'LifecycleActionResult'));
    return '';
  },
  RecordLifecycleActionHeartbeat: (form, { model }) => {
    model.heartbeat(actionName(form));
    return '';
  },
  CreateAutoScalingGroup: (form, { groups }) => {
    if ((form.integer('DesiredCapacity') ?? form.integer('MinSize') ?? 0) > 0) {
      throw new AutoScalingError(
        'The local account launches nothing for a group: create it with 0 instances and attach some.',
      );
    }
    groups.create(required(form, 'AutoScalingGroupName'));
    return '';
  },
  AttachInstances: (form, { groups }) => {
    groups.attach(required(form, 'AutoScalingGroupName'), form.list('InstanceIds.member'));
    return '';
  },
  TerminateInstanceInAutoScalingGroup: (form, { groups }) => {
    groups.remove(required(form, 'InstanceId'));
    return '';
  },
  PutLifecycleHook: (form, { groups }) => {
    groups.putHook({
      group: required(form, 'AutoScalingGroupName'),
      name: required(form, 'LifecycleHookName'),
      transition: transitionOf(form),
      heartbeatSeconds: form.integer('HeartbeatTimeout') ?? DEFAULT_HEARTBEAT_SECONDS,
      defaultResult: form.text('DefaultResult') === undefined ? 'ABANDON' : resultOf(form, 'DefaultResult'),
    });
    return '';
  },
  DescribeLifecycleHooks: (form, { groups }) => {
    const names = form.list('LifecycleHookNames.member');
    const hooks = groups
      .hooksOf(required(form, 'AutoScalingGroupName'))
      .filter(({ name }) => names.length === 0 || names.includes(name));
    return members('LifecycleHooks', hooks, hookXml);
  },
  DescribeAutoScalingGroups: (form, { groups }) => {
    const names = form.list('AutoScalingGroupNames.member');
    const found = groups.names.filter((name) => names.length === 0 || names.includes(name));
    return members('AutoScalingGroups', found, (name) =>
      [
        text('AutoScalingGroupName', name),
        members('Instances', groups.instancesOf(name), (instanceId) => text('InstanceId', instanceId)),
      ].join(''),
    );
  },
};

function members<Entry>(name: string, entries: readonly Entry[], inner: (entry: Entry) => string): string {
  return element(name, ...entries.map((entry) => element('member', inner(entry))));
}

function hookXml({ group, name, transition, heartbeatSeconds, defaultResult }: LifecycleHook): string {
  const named = Object.entries(TRANSITIONS).find(([, each]) => each === transition)?.[0];
  return [
    text('AutoScalingGroupName', group),
    text('LifecycleHookName', name),
    text('LifecycleTransition', named),
    text('HeartbeatTimeout', heartbeatSeconds),
    text('GlobalTimeout', Math.min(172_800, 100 * heartbeatSeconds)),
    text('DefaultResult', defaultResult),
  ].join('');
}

/** Auto Scaling over its query protocol, and its state. */
export function createAutoScaling(settings: AutoScalingSettings): {
  readonly service: Service;
  readonly model: AutoScalingModel;
  readonly groups: ScalingGroups;
} {
  const model = new AutoScalingModel(settings);
  const groups = new ScalingGroups(model, settings.instances);
  return { service: new AutoScalingService({ model, groups }, settings.newId), model, groups };
}

class AutoScalingService implements Service {
  readonly name = 'autoscaling';
  readonly #state: State;
  readonly #newId: () => string;

  constructor(state: State, newId: () => string) {
    this.#state = state;
    this.#newId = newId;
  }

  operationOf(request: WireRequest): string | undefined {
    return QueryForm.parse(request.body).text('Action');
  }

  async handle(operation: string, request: WireRequest): Promise<WireResponse> {
    const carryOut = OPERATIONS[operation];
    if (carryOut === undefined) {
      return this.failure(400, 'UnsupportedOperation', `The local account does not have Auto Scaling's ${operation}.`);
    }
    try {
      const inner = carryOut(QueryForm.parse(request.body), this.#state);
      const metadata = element('ResponseMetadata', text('RequestId', this.#newId()));
      return respond(200, `${operation}Response`, element(`${operation}Result`, inner) + metadata);
    } catch (error) {
      if (error instanceof AutoScalingError) return this.failure(400, error.code, error.message);
      throw error;
    }
  }

  failure(status: number, code: string, message: string): WireResponse {
    const type = status < 500 ? 'Sender' : 'Receiver';
    const error = element('Error', text('Type', type), text('Code', code), text('Message', message));
    return respond(status, 'ErrorResponse', error + text('RequestId', this.#newId()));
  }
}

function actionName(form: QueryForm): ActionName {
  const token = form.text('LifecycleActionToken');
  const instanceId = form.text('InstanceId');
  if (token === undefined && instanceId === undefined) {
    throw new AutoScalingError('Either LifecycleActionToken or InstanceId must be given.');
  }
  return {
    group: form.text('AutoScalingGroupName') ?? '',
    hook: form.text('LifecycleHookName') ?? '',
    ...(token === undefined ? {} : { token }),
    ...(instanceId === undefined ? {} : { instanceId }),
  };
}

function required(form: QueryForm, name: string): string {
  const value = form.text(name);
  if (value !== undefined && value !== '') return value;
  throw new AutoScalingError(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

function resultOf(form: QueryForm, name: string): LifecycleResult {
  const result = form.text(name);
  if (result === 'CONTINUE' || result === 'ABANDON') return result;
  throw new AutoScalingError(`${name} is CONTINUE or ABANDON, not '${result ?? ''}'.`);
}

function transitionOf(form: QueryForm): Transition {
  const named = Object.entries(TRANSITIONS).find(([name]) => name === form.text('LifecycleTransition'));
  if (named !== undefined) return named[1];
  throw new AutoScalingError(`LifecycleTransition is one of ${Object.keys(TRANSITIONS).join(', ')}.`);
}

function respond(status: number, name: string, inner: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<${name} xmlns="${NAMESPACE}">${inner}</${name}>`,
  };
}
