import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import type { World } from '../../local/simulation/world.ts';

/** A Delete as CloudFormation sends it, where nobody takes the answer. */
export async function retire(world: World): Promise<void> {
  const request = {
    RequestType: 'Delete',
    ResponseURL: 'http://127.0.0.1:1/',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Rolecall/1',
    RequestId: 'request',
    LogicalResourceId: 'Configuration',
    PhysicalResourceId: 'rolecall-configuration',
    ResourceProperties: {},
  };
  const handled = Promise.resolve(world.another('Configure', {})(request, {} as InvocationContext));
  await handled.catch(() => undefined);
}
