import type { LambdaHost } from './lambda-host.ts';

export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** As SQS names them: `ApproximateReceiveCount`, `SentTimestamp`, `MessageGroupId`, … */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A queue, as far as a mapping needs it. */
export interface MessageSource {
  readonly arn: string;
  receive(maxMessages: number): readonly QueueMessage[];
  delete(receiptHandles: readonly string[]): void;
  /** Calls back whenever a message becomes visible; the returned function ends that. */
  onVisible(callback: () => void): () => void;
}

export interface QueueMappingOptions {
  readonly source: MessageSource;
  readonly host: LambdaHost;
  readonly functionName: string;
  readonly region: string;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly reportsBatchItemFailures: boolean;
  readonly onFailure: (functionName: string, error: unknown) => void;
}

/**
 * An event source mapping from a queue to a function ("Using Lambda with Amazon SQS", AWS Lambda Developer Guide).
 * Messages that fail stay in flight until their visibility timeout; the queue itself keeps a FIFO group to one batch at
 * a time, and blocks it while a failed message of it is in flight.
 */
export class QueueMapping {
  readonly #options: QueueMappingOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #unsubscribe: () => void;
  #stopped = false;

  constructor(options: QueueMappingOptions) {
    this.#options = options;
    this.#unsubscribe = options.source.onVisible(() => this.#pump());
    this.#pump();
  }

  /** Takes nothing more; waits for what is under way. */
  async stop(): Promise<void> {
    this.halt();
    await Promise.all(this.#running);
  }

  /** Takes nothing more. */
  halt(): void {
    this.#stopped = true;
    this.#unsubscribe();
  }

  #pump(): void {
    const { source, batchSize, maxConcurrency } = this.#options;
    while (!this.#stopped && this.#running.size < maxConcurrency) {
      const messages = source.receive(batchSize);
      if (messages.length === 0) return;
      const running = this.#deliver(messages).finally(() => {
        this.#running.delete(running);
        this.#pump();
      });
      this.#running.add(running);
    }
  }

  async #deliver(messages: readonly QueueMessage[]): Promise<void> {
    const { source, host, functionName, region, reportsBatchItemFailures, onFailure } = this.#options;
    const Records = messages.map((message) => ({
      ...message,
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: source.arn,
      awsRegion: region,
    }));
    try {
      const result = await host.invoke(functionName, { Records });
      const failed = reportsBatchItemFailures ? failedIds(result, messages) : new Set<string>();
      source.delete(messages.filter(({ messageId }) => !failed.has(messageId)).map((each) => each.receiptHandle));
    } catch (error) {
      onFailure(functionName, error);
    }
  }
}

/**
 * Nothing reported: all succeeded. A report that names an unknown message, or none, fails the whole batch ("Handling
 * errors for an SQS event source in Lambda", AWS Lambda Developer Guide).
 */
function failedIds(result: unknown, messages: readonly QueueMessage[]): Set<string> {
  const reported = property(result, 'batchItemFailures') ?? [];
  const known = new Set(messages.map(({ messageId }) => messageId));
  if (!Array.isArray(reported)) return known;
  const ids = reported.map((item) => property(item, 'itemIdentifier'));
  const failed = ids.filter((id): id is string => typeof id === 'string' && known.has(id));
  return failed.length === ids.length ? new Set(failed) : known;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
