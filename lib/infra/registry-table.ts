import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/**
 * The registry: roles, members, facts, slots, ledger and journal in one table.
 *
 * It outlives the stack, for it alone knows which records are ours; and it has no name of its own, so that a second
 * deployment never meets the first one's table.
 */
export function registryTable(scope: Construct): dynamodb.Table {
  return new dynamodb.Table(scope, 'Registry', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    encryption: dynamodb.TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: 'expiresAt',
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
