import type { SQSClient } from '@aws-sdk/client-sqs';
import type { TargetAddress } from './target-address.ts';

export interface QueueDepth {
  readonly queue: string;
  /** Messages that wait, or are delayed, or in flight. */
  readonly messages: number;
  /** Those of its dead-letter queue; absent where it has none. */
  readonly deadLetters?: number;
}

/** How many messages the three queues and their dead-letter queues hold. Throws what SQS says. */
export async function readQueueDepths(sqs: SQSClient, { outputs }: TargetAddress): Promise<QueueDepth[]> {
  const queues = [
    { queue: 'events', url: outputs.EventsQueue },
    { queue: 'work', url: outputs.WorkQueue },
    { queue: 'later', url: outputs.LaterQueue },
  ];
  return await Promise.all(
    queues.map(async ({ queue, url }) => {
      const { messages, deadLetterQueue } = await readQueue(sqs, url);
      if (deadLetterQueue === undefined) return { queue, messages };
      const { GetQueueUrlCommand } = await import('./sdk/sqs.ts');
      const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: deadLetterQueue }));
      return { queue, messages, deadLetters: (await readQueue(sqs, QueueUrl)).messages };
    }),
  );
}

async function readQueue(
  sqs: SQSClient,
  QueueUrl: string,
): Promise<{ readonly messages: number; readonly deadLetterQueue: string | undefined }> {
  const { GetQueueAttributesCommand } = await import('./sdk/sqs.ts');
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const messages = [
    Attributes.ApproximateNumberOfMessages,
    Attributes.ApproximateNumberOfMessagesDelayed,
    Attributes.ApproximateNumberOfMessagesNotVisible,
  ].reduce((sum, count) => sum + Number(count ?? 0), 0);
  return { messages, deadLetterQueue: nameIn(Attributes.RedrivePolicy) };
}

function nameIn(redrivePolicy: string | undefined): string | undefined {
  if (redrivePolicy === undefined) return undefined;
  const policy: unknown = JSON.parse(redrivePolicy);
  const arn: unknown =
    typeof policy === 'object' && policy !== null ? Reflect.get(policy, 'deadLetterTargetArn') : undefined;
  return typeof arn === 'string' ? arn.split(':').at(-1) : undefined;
}
