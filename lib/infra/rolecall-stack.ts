import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { MonitoringProps } from './monitoring.ts';
import { type ConfiguredProps, Rolecall } from './rolecall.ts';

export interface RolecallStackProps extends ConfiguredProps, StackProps {
  /**
   * Metrics and alarms.
   *
   * @default - all of them, and no alarm tells anyone
   */
  readonly monitoring?: MonitoringProps;
}

/** The one stack of `npx cdk deploy`; its outputs are how the command line finds the installation. */
export class RolecallStack extends Stack {
  readonly rolecall: Rolecall;

  constructor(scope: Construct, id: string, props: RolecallStackProps) {
    super(scope, id, {
      description: 'Rolecall: names and Elastic IPs that follow the roles of EC2 instances.',
      ...props,
    });
    this.rolecall = new Rolecall(this, 'Rolecall', {
      configuration: props.configuration,
      ...(props.monitoring === undefined ? {} : { monitoring: props.monitoring }),
    });
    new CfnOutput(this, 'RegistryTable', { value: this.rolecall.table.tableName });
    new CfnOutput(this, 'EventsQueue', { value: this.rolecall.eventsQueue.queueUrl });
    new CfnOutput(this, 'WorkQueue', { value: this.rolecall.workQueue.queueUrl });
    new CfnOutput(this, 'LaterQueue', { value: this.rolecall.laterQueue.queueUrl });
  }
}
