import type { Timeline } from '../timeline.ts';
import { queueDoesNotExist, SqsError } from './error.ts';
import { Queue } from './queue.ts';
import { assertQueueName, attributesOf, DEFAULT_SETTINGS, withAttributes } from './queue-settings.ts';

export interface QueuesSettings {
  readonly timeline: Timeline;
  readonly newId: () => string;
  readonly account: string;
  readonly region: string;
  /** Where the account is reached: the beginning of every queue's URL. */
  readonly endpoint: () => string;
}

/** The queues of one account and region. */
export class Queues {
  readonly #settings: QueuesSettings;
  readonly #queues = new Map<string, Queue>();

  constructor(settings: QueuesSettings) {
    this.#settings = settings;
  }

  /** Creates a queue with attributes by SQS's names; one that is there with the same attributes is given again. */
  create(name: string, attributes: Readonly<Record<string, string>> = {}): Queue {
    const settings = withAttributes(DEFAULT_SETTINGS, attributes);
    assertQueueName(name, settings);
    const existing = this.#queues.get(name);
    if (existing !== undefined) {
      const held = attributesOf(existing.settings);
      const wanted = attributesOf(settings);
      const differing = Object.keys(attributes).find((attribute) => held[attribute] !== wanted[attribute]);
      if (differing === undefined) return existing;
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${differing}`,
        'QueueAlreadyExists',
      );
    }
    const { timeline, newId, account, region } = this.#settings;
    const queue = new Queue(name, `arn:aws:sqs:${region}:${account}:${name}`, settings, {
      timeline,
      newId,
      findByArn: (arn) => this.findByArn(arn),
    });
    this.#queues.set(name, queue);
    return queue;
  }

  get all(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  find(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  findByArn(arn: string): Queue | undefined {
    return this.all.find((queue) => queue.arn === arn);
  }

  /** By URL: its account and name count, whatever host it was reached by. */
  byUrl(url: string): Queue {
    const [name, account] = url.split('/').reverse();
    const queue = this.#queues.get(name ?? '');
    if (queue === undefined || account !== this.#settings.account) throw queueDoesNotExist();
    return queue;
  }

  urlOf(queue: Queue): string {
    return `${this.#settings.endpoint()}/${this.#settings.account}/${queue.name}`;
  }

  delete(queue: Queue): void {
    queue.close();
    this.#queues.delete(queue.name);
  }

  /** Stops every timer. */
  close(): void {
    for (const queue of this.all) queue.close();
  }
}
