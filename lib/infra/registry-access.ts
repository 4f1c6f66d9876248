import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** A transaction needs the permission of each action in it. No Scan, and nothing that alters the table itself. */
export function registryAccess(table: dynamodb.Table): PolicyStatement {
  return new PolicyStatement({
    sid: 'Registry',
    actions: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:ConditionCheckItem',
    ],
    resources: [table.tableArn],
  });
}

const REPORTED = ['facts', 'limit#*', 'role#*', 'group#*'];

/**
 * What λ update needs of the registry, whom anybody may call: it cannot write a token or the configuration, nor list
 * tokens. The keys of partitions are those of the registry's items.
 */
export function endpointRegistryAccess(table: dynamodb.Table): PolicyStatement[] {
  const statement = (sid: string, actions: string[], partitions: string[]) =>
    new PolicyStatement({
      sid,
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [table.tableArn],
      // "you must use the ForAllValues modifier when using LeadingKeys in a condition" ("Using IAM policy conditions for
      // fine-grained access control", Amazon DynamoDB Developer Guide). All these actions name their items by key. That
      // the key is there for each item of a transaction is documented and untried: no Null condition rests on it.
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
    });
  return [
    statement('RegistryRead', ['BatchGetItem'], ['installation', 'tokens', ...REPORTED]),
    statement('RegistryList', ['Query'], ['role#*']),
    statement('RegistryReport', ['PutItem', 'UpdateItem', 'DeleteItem'], REPORTED),
  ];
}
