import { QueryForm } from '../ec2/query-form.ts';
import { element, text } from '../ec2/xml.ts';
import type { Service, WireRequest, WireResponse } from '../wire.ts';
import type { ActionName, AutoScalingSettings, LifecycleResult } from './model.ts';
import { AutoScalingError, AutoScalingModel } from './model.ts';

const NAMESPACE = 'http://autoscaling.amazonaws.com/doc/2011-01-01/';

/** What stands inside the operation's result element. */
type Operation = (form: QueryForm, model: AutoScalingModel) => string;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CompleteLifecycleAction: (form, model) => {
    model.complete(actionName(form), resultOf(form));
    return '';
  },
  RecordLifecycleActionHeartbeat: (form, model) => {
    model.heartbeat(actionName(form));
    return '';
  },
  DescribeAutoScalingGroups: () => element('AutoScalingGroups'),
};

/** Auto Scaling over its query protocol, and its state. */
export function createAutoScaling(settings: AutoScalingSettings): {
  readonly service: Service;
  readonly model: AutoScalingModel;
} {
  const model = new AutoScalingModel(settings);
  return { service: new AutoScalingService(model, settings.newId), model };
}

class AutoScalingService implements Service {
  readonly name = 'autoscaling';
  readonly #model: AutoScalingModel;
  readonly #newId: () => string;

  constructor(model: AutoScalingModel, newId: () => string) {
    this.#model = model;
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
      const inner = carryOut(QueryForm.parse(request.body), this.#model);
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

function resultOf(form: QueryForm): LifecycleResult {
  const result = form.text('LifecycleActionResult');
  if (result === 'CONTINUE' || result === 'ABANDON') return result;
  throw new AutoScalingError(`LifecycleActionResult is CONTINUE or ABANDON, not '${result ?? ''}'.`);
}

function respond(status: number, name: string, inner: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<${name} xmlns="${NAMESPACE}">${inner}</${name}>`,
  };
}
