import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OBSERVE_VISIBILITY, RECONCILE_VISIBILITY } from './timeouts.ts';

/** A message that failed this often is put aside, where it delays nothing else. */
const MAX_RECEIVE_COUNT = 5;
/** An event comes back each minute: one that the table cannot take for a quarter of an hour, such as a hook's, is not lost. */
const MAX_EVENT_RECEIVE_COUNT = 15;

/** The three queues between the Lambdas, each with its dead letters. CloudFormation names them all. */
export class Queues extends Construct {
  /** Events as EventBridge delivers them. */
  readonly events: sqs.Queue;
  readonly eventsDeadLetters: sqs.Queue;
  /** Wake-ups; a message group is a zone, or the addresses. */
  readonly work: sqs.Queue;
  readonly workDeadLetters: sqs.Queue;
  /** Messages that wait out a delay, each its own: FIFO queues know no delay of a single message. */
  readonly later: sqs.Queue;
  readonly laterDeadLetters: sqs.Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.eventsDeadLetters = this.deadLetters('EventsDeadLetters');
    const observed = { visibilityTimeout: OBSERVE_VISIBILITY };
    this.events = this.queue('Events', this.eventsDeadLetters, MAX_EVENT_RECEIVE_COUNT, observed);
    this.workDeadLetters = this.deadLetters('WorkDeadLetters', { fifo: true });
    this.work = this.queue('Work', this.workDeadLetters, MAX_RECEIVE_COUNT, {
      visibilityTimeout: RECONCILE_VISIBILITY,
      fifo: true,
      // Two equal wake-ups are two reasons to look: the second may follow a change that the first pass did not see.
      contentBasedDeduplication: false,
    });
    this.laterDeadLetters = this.deadLetters('LaterDeadLetters');
    this.later = this.queue('Later', this.laterDeadLetters, MAX_EVENT_RECEIVE_COUNT, observed);
  }

  private queue(id: string, deadLetters: sqs.Queue, maxReceiveCount: number, props: sqs.QueueProps): sqs.Queue {
    return new sqs.Queue(this, id, {
      ...props,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
    });
  }

  private deadLetters(id: string, props: sqs.QueueProps = {}): sqs.Queue {
    return new sqs.Queue(this, id, {
      ...props,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }
}
