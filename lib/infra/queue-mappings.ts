import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';

/** Without a batching window SQS hands a function no more than this many messages at once. */
const BATCH_SIZE = 10;

/** Several, so that a storm is worked off, and few, so that it does not eat the concurrency of the account. */
const OBSERVE_CONCURRENCY = 10;
const LATER_CONCURRENCY = 2;

export interface QueueMappingsProps {
  readonly queues: Queues;
  readonly functions: Functions;
}

/** Which Lambda works on which queue. One message that fails does not bring the others of its batch back. */
export class QueueMappings extends Construct {
  constructor(scope: Construct, id: string, { queues, functions }: QueueMappingsProps) {
    super(scope, id);
    const common = { batchSize: BATCH_SIZE, reportBatchItemFailures: true };
    this.map('Events', functions.observe, {
      ...common,
      eventSourceArn: queues.events.queueArn,
      maxConcurrency: OBSERVE_CONCURRENCY,
    });
    this.map('Later', functions.observe, {
      ...common,
      eventSourceArn: queues.later.queueArn,
      maxConcurrency: LATER_CONCURRENCY,
    });
    // A FIFO queue has as many at work as there are groups.
    this.map('Work', functions.reconcile, { ...common, eventSourceArn: queues.work.queueArn });
  }

  private map(id: string, target: lambda.Function, options: lambda.EventSourceMappingOptions): void {
    new lambda.EventSourceMapping(this, id, { ...options, target });
  }
}
