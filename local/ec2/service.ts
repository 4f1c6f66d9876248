import type { Service, WireRequest, WireResponse } from '../wire.ts';
import { ADDRESS_OPERATIONS } from './address-operations.ts';
import { Ec2Error } from './ec2-error.ts';
import { INSTANCE_OPERATIONS } from './instance-operations.ts';
import { Ec2Model } from './model.ts';
import type { Operation } from './operation.ts';
import { QueryForm } from './query-form.ts';
import type { Ec2Settings } from './settings.ts';
import { TAG_OPERATIONS } from './tag-operations.ts';
import { element, text } from './xml.ts';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ ...INSTANCE_OPERATIONS, ...ADDRESS_OPERATIONS, ...TAG_OPERATIONS }),
);

/** EC2 over its query protocol, and its state. */
export function createEc2(settings: Ec2Settings): { readonly service: Service; readonly model: Ec2Model } {
  const model = new Ec2Model(settings);
  return { service: new Ec2Service(model, settings.newId), model };
}

class Ec2Service implements Service {
  readonly name = 'ec2';
  readonly #model: Ec2Model;
  readonly #newId: () => string;

  constructor(model: Ec2Model, newId: () => string) {
    this.#model = model;
    this.#newId = newId;
  }

  operationOf(request: WireRequest): string | undefined {
    return formOf(request).text('Action');
  }

  async handle(operation: string, request: WireRequest): Promise<WireResponse> {
    const carryOut = OPERATIONS.get(operation);
    if (carryOut === undefined) {
      return this.failure(400, 'UnsupportedOperation', `The local account does not have EC2's ${operation}.`);
    }
    if (!this.#model.admits(operation)) return this.failure(503, 'RequestLimitExceeded', 'Request limit exceeded.');
    try {
      const form = formOf(request);
      if (form.flag('DryRun') === true) {
        return this.failure(412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
      }
      return this.#answer(operation, carryOut(form, this.#model));
    } catch (error) {
      if (error instanceof Ec2Error) return this.failure(400, error.code, error.message);
      throw error;
    }
  }

  failure(status: number, code: string, message: string): WireResponse {
    const error = element('Errors', element('Error', text('Code', code), text('Message', message)));
    return xmlResponse(status, element('Response', error, text('RequestID', this.#newId())));
  }

  #answer(operation: string, inner: string): WireResponse {
    const name = `${operation}Response`;
    return xmlResponse(200, `<${name} xmlns="${NAMESPACE}">${text('requestId', this.#newId())}${inner}</${name}>`);
  }
}

const READ = new WeakMap<WireRequest, QueryForm>();

/** The SDKs send a form; a GET carries the same parameters in its query string. */
function formOf(request: WireRequest): QueryForm {
  const { body, path } = request;
  const form = READ.get(request) ?? QueryForm.parse(body === '' ? (path.split('?')[1] ?? '') : body);
  READ.set(request, form);
  return form;
}

function xmlResponse(status: number, xml: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`,
  };
}
