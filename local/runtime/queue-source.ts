import type { ReceivedMessage } from '../sqs/message.ts';
import type { Queue } from '../sqs/queue.ts';
import type { MessageSource, QueueMessage } from './queue-mapping.ts';

/** A queue of the local account, as AWS Lambda's pollers see it. */
export function queueSource(queue: Queue): MessageSource {
  return {
    arn: queue.arn,
    receive: (maxMessages) => queue.receive(maxMessages).map(asRecord),
    delete: (receiptHandles) => {
      for (const receiptHandle of receiptHandles) deleteMessage(queue, receiptHandle);
    },
    onVisible: (callback) => queue.onVisible(callback),
  };
}

/** A FIFO queue refuses a handle whose visibility timeout has passed: the message is delivered again, as in AWS. */
function deleteMessage(queue: Queue, receiptHandle: string): void {
  try {
    queue.delete(receiptHandle);
  } catch (error) {
    if (!queue.settings.fifo) throw error;
  }
}

function asRecord(message: ReceivedMessage): QueueMessage {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    md5OfBody: message.bodyMd5,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAtMs),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
      SenderId: 'local',
      ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
      ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
      ...(message.sequenceNumber === undefined ? {} : { SequenceNumber: message.sequenceNumber }),
    },
  };
}
