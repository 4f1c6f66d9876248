import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Configuration, ZoneDefinition } from '../config/configuration.ts';

/** The zones of the configuration: those that exist, by their id; the others are created here. */
export class HostedZones extends Construct {
  /** Zone key to hosted zone id. */
  readonly ids: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, configuration: Configuration) {
    super(scope, id);
    const retain = configuration.retainRecords ?? false;
    this.ids = Object.fromEntries(
      Object.entries(configuration.zones).map(([key, zone]) => [key, zone.id ?? this.create(key, zone, retain)]),
    );
  }

  get arns(): readonly string[] {
    return Object.values(this.ids).map((id) => `arn:${Aws.PARTITION}:route53:::hostedzone/${id}`);
  }

  private create(key: string, zone: ZoneDefinition, retain: boolean): string {
    const created = new route53.CfnHostedZone(this, key, {
      name: zone.name,
      ...(zone.vpcId === undefined ? {} : { vpcs: [{ vpcId: zone.vpcId, vpcRegion: Aws.REGION }] }),
    });
    // The local account takes any id for a VPC, and examples have short ones.
    Validations.of(created).acknowledge({
      id: 'CloudFormation-Validate::E1151',
      reason: 'Whether the VPC exists is told by the deployment; the form of its id tells little.',
    });
    created.applyRemovalPolicy(retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    return created.ref;
  }
}
