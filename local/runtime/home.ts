import { InvalidInput } from '../../lib/model/errors.ts';
import type { Account } from '../account.ts';
import { clientsFor } from '../in-process.ts';
import type { Queue } from '../sqs/queue.ts';
import type { LambdaHost } from './lambda-host.ts';
import { queueSource } from './queue-source.ts';
import type { StackHome } from './resources.ts';

export interface HomeParts {
  readonly host: LambdaHost;
  readonly desk: StackHome['desk'];
  /** @default - no function can have a URL */
  readonly serveUrl?: StackHome['serveUrl'];
  /** @default - clients of their own */
  readonly clients?: StackHome['clients'];
  readonly onFailure: (functionName: string, error: unknown) => void;
}

/** The embedded account as the home of stacks. */
export function homeIn(account: Account, parts: HomeParts): StackHome {
  const { timeline, newId, accountId, region } = account;
  const queueOf = (arn: string): Queue => {
    const queue = account.sqs.findByArn(arn);
    if (queue === undefined) throw new InvalidInput(`the template names the queue ${arn}, which does not exist.`);
    return queue;
  };
  return {
    serveUrl: (name) => {
      throw new InvalidInput(`there is no way to serve a URL for the function ${name} here.`);
    },
    clients: parts.clients ?? clientsFor(account, 'cloudformation'),
    ...parts,
    timeline,
    newId,
    accountId,
    region,
    queue: (arn) => queueSource(queueOf(arn)),
    send: (arn, body) => {
      queueOf(arn).send({ body });
    },
    addRule: (name, pattern, target) => account.events.addRule({ name, pattern, targets: [target] }),
  };
}
