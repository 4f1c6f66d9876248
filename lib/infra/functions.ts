import { Aws, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type LambdaName, lambdaCode } from './lambda-code.ts';
import type { Queues } from './queues.ts';
import { CONFIGURE_TIMEOUT, OBSERVE_TIMEOUT, RECONCILE_TIMEOUT, SWEEP_TIMEOUT, UPDATE_TIMEOUT } from './timeouts.ts';

export interface FunctionsProps {
  readonly table: dynamodb.Table;
  readonly queues: Queues;
  readonly hasMetrics: boolean;
  readonly hasEndpoint: boolean;
}

/** The Lambdas, each with a role and a log group of its own and no permission yet but to write its log. */
export class Functions extends Construct {
  /** Turns events into facts. */
  readonly observe: lambda.Function;
  /** Works on one zone, or on the addresses. */
  readonly reconcile: lambda.Function;
  /** The full pass of each minute. */
  readonly sweep: lambda.Function;
  /** The custom resource: brings the configuration in. */
  readonly configure: lambda.Function;
  /** Answers hosts and renderers, where the configuration has an endpoint. */
  readonly update?: lambda.Function;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const environment = {
      REGISTRY_TABLE: props.table.tableName,
      WORK_QUEUE_URL: props.queues.work.queueUrl,
      LATER_QUEUE_URL: props.queues.later.queueUrl,
      NODE_OPTIONS: '--enable-source-maps',
      ...(props.hasMetrics ? { METRICS_SERVICE: Aws.STACK_NAME } : {}),
    };
    this.observe = this.create('Observe', 'observe', { timeout: OBSERVE_TIMEOUT, memorySize: 256, environment });
    this.reconcile = this.create('Reconcile', 'reconcile', {
      timeout: RECONCILE_TIMEOUT,
      memorySize: 512,
      environment,
    });
    this.sweep = this.create('Sweep', 'sweep', { timeout: SWEEP_TIMEOUT, memorySize: 512, environment });
    this.configure = this.create('Configure', 'configure', {
      timeout: CONFIGURE_TIMEOUT,
      memorySize: 256,
      environment,
    });
    if (props.hasEndpoint)
      this.update = this.create('Update', 'update', { timeout: UPDATE_TIMEOUT, memorySize: 256, environment });
  }

  private create(id: string, name: LambdaName, props: LambdaProps): lambda.Function {
    const logGroup = new logs.LogGroup(this, `${id}Log`, {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Not the managed policy that Lambda offers: it allows to write to every log group of the account.
    const role = new iam.Role(this, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return new lambda.Function(this, id, {
      ...props,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambdaCode(name),
      handler: 'index.handler',
      role,
      logGroup,
    });
  }
}

interface LambdaProps {
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
}
