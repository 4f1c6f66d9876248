import { createServer, type Server } from 'node:http';
import * as v from 'valibot';
import { RolecallError } from '../../lib/model/errors.ts';
import type { LambdaHost } from './lambda-host.ts';

export type CustomResourceRequest =
  | { readonly RequestType: 'Create' }
  | { readonly RequestType: 'Update'; readonly OldResourceProperties: unknown; readonly PhysicalResourceId: string }
  | { readonly RequestType: 'Delete'; readonly PhysicalResourceId: string };

export interface CustomResource {
  readonly functionName: string;
  readonly serviceToken: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly resourceType: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

const ANSWER = v.object({
  Status: v.picklist(['SUCCESS', 'FAILED']),
  Reason: v.optional(v.string(), 'no reason given'),
  PhysicalResourceId: v.string(),
  Data: v.optional(v.record(v.string(), v.string()), {}),
});
type Answer = v.InferOutput<typeof ANSWER>;

/** What a template may refer to, by `Ref` and by `Fn::GetAtt`. */
export interface Created {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Asks functions for custom resources and takes their answers, over HTTP, where CloudFormation has a presigned address. */
export class CustomResourceDesk {
  readonly #host: LambdaHost;
  readonly #newId: () => string;
  readonly #server: Server;
  readonly #waiting = new Map<string, (answer: Answer) => void>();

  private constructor(host: LambdaHost, newId: () => string, server: Server) {
    this.#host = host;
    this.#newId = newId;
    this.#server = server;
  }

  static async open(host: LambdaHost, newId: () => string): Promise<CustomResourceDesk> {
    const server = createServer();
    const desk = new CustomResourceDesk(host, newId, server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => response.writeHead(desk.#accept(request.method, request.url ?? '', body)).end());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return desk;
  }

  /**
   * Has the function create, update or delete the resource, and waits for its answer ("Custom resource request objects"
   * and "Custom resource response objects", AWS CloudFormation User Guide).
   *
   * @throws RolecallError when the function fails, answers FAILED, or does not answer in time.
   */
  async request(resource: CustomResource, request: CustomResourceRequest): Promise<Created> {
    const requestId = this.#newId();
    const answered = this.#answerTo(requestId, resource);
    const invoked = this.#host.invoke(resource.functionName, {
      ...request,
      ServiceToken: resource.serviceToken,
      ResponseURL: `${this.#address}/${requestId}`,
      StackId: resource.stackId,
      RequestId: requestId,
      LogicalResourceId: resource.logicalId,
      ResourceType: resource.resourceType,
      ResourceProperties: { ServiceToken: resource.serviceToken, ...resource.properties },
    });
    try {
      const [answer] = await Promise.all([answered, invoked]);
      if (answer.Status !== 'SUCCESS') throw failed(resource, answer.Reason);
      return { physicalId: answer.PhysicalResourceId, attributes: answer.Data };
    } finally {
      this.#waiting.delete(requestId);
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  get #address(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }

  #answerTo(requestId: string, resource: CustomResource): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(failed(resource, `no answer within ${resource.timeoutMs / 1000} seconds`)),
        resource.timeoutMs,
      );
      // An answer that never comes must not keep a process that is otherwise done.
      timer.unref();
      this.#waiting.set(requestId, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  #accept(method: string | undefined, url: string, body: string): number {
    const take = this.#waiting.get(url.slice(1));
    if (method !== 'PUT' || take === undefined) return 403;
    try {
      take(v.parse(ANSWER, JSON.parse(body)));
      return 200;
    } catch {
      return 400;
    }
  }
}

function failed({ logicalId, resourceType }: CustomResource, reason: string): RolecallError {
  return new RolecallError('deployment-failed', `${logicalId} (${resourceType}) failed: ${reason}`);
}
