import {
  type AttributeValue,
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { conformanceClients, freshName } from './endpoint.ts';

export type Attributes = Record<string, AttributeValue>;

export function key(pk: string, sk = 'a'): Attributes {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** A table with the keys `pk` and `sk`, both text, at the endpoint under test. */
export class ConformanceTable {
  readonly dynamodb: DynamoDBClient;
  readonly name: string;
  #partitions = 0;

  private constructor(dynamodb: DynamoDBClient, name: string) {
    this.dynamodb = dynamodb;
    this.name = name;
  }

  static async create(): Promise<ConformanceTable> {
    const { dynamodb } = conformanceClients();
    const name = freshName('registry');
    await dynamodb.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    return new ConformanceTable(dynamodb, name);
  }

  /** A partition that no other test writes to. */
  freshPartition(): string {
    this.#partitions += 1;
    return `partition ${this.#partitions}`;
  }

  async put(pk: string, sk: string, attributes: Attributes = {}): Promise<void> {
    await this.dynamodb.send(new PutItemCommand({ TableName: this.name, Item: { ...key(pk, sk), ...attributes } }));
  }

  async get(pk: string, sk = 'a'): Promise<Attributes | undefined> {
    const command = new GetItemCommand({ TableName: this.name, Key: key(pk, sk), ConsistentRead: true });
    return (await this.dynamodb.send(command)).Item;
  }

  async sortKeys(query: Omit<QueryCommandInput, 'TableName'>): Promise<(string | undefined)[]> {
    const command = new QueryCommand({ TableName: this.name, ConsistentRead: true, ...query });
    return ((await this.dynamodb.send(command)).Items ?? []).map((item) => item['sk']?.S);
  }
}
