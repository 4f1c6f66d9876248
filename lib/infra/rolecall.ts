import { CustomResource, Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Configuration } from '../config/configuration.ts';
import { parseConfiguration } from '../config/schema.ts';
import { Alarms } from './alarms.ts';
import { Endpoint } from './endpoint.ts';
import { EventRules } from './event-rules.ts';
import { Functions } from './functions.ts';
import { HostedZones } from './hosted-zones.ts';
import { DEFAULT_RUNBOOKS, isEnabled, type MonitoringProps } from './monitoring.ts';
import { grantEarlierNames, grantPermissions } from './permissions.ts';
import { QueueMappings } from './queue-mappings.ts';
import { Queues } from './queues.ts';
import { registryTable } from './registry-table.ts';
import { CONFIGURE_TIMEOUT } from './timeouts.ts';

export interface ConfiguredProps {
  /**
   * The zones and roles, as `rolecall.config.ts` has them.
   *
   * A mistake in it throws a `ConfigurationError` that names every path, value and what is allowed there.
   */
  readonly configuration: Configuration;
}

/** Without a configuration: every role that is claimed gets its name in this zone. */
export interface OpenZoneProps {
  readonly zone: route53.IHostedZone;

  /**
   * Whether it is a private hosted zone, whose names then get private addresses.
   *
   * @default false
   */
  readonly private?: boolean;

  /**
   * Tells installations that share a zone apart; one DNS label.
   *
   * @default 'rolecall'
   */
  readonly owner?: string;
}

export type RolecallProps = (ConfiguredProps | OpenZoneProps) & {
  /**
   * Metrics and alarms.
   *
   * @default - all of them, and no alarm tells anyone
   */
  readonly monitoring?: MonitoringProps;
};

/** One installation of Rolecall: names and Elastic IPs follow the roles of the instances of one account and region. */
export class Rolecall extends Construct {
  readonly table: dynamodb.Table;
  /** Takes events as EventBridge delivers them. */
  readonly eventsQueue: sqs.Queue;
  /** Takes wake-ups; its message groups are hosted zone ids, and `addresses`. */
  readonly workQueue: sqs.Queue;
  /** Takes messages that wait. */
  readonly laterQueue: sqs.Queue;
  /** What tells when a person is needed. */
  readonly alarms: Alarms;
  /** Zone key of the configuration to hosted zone id. */
  readonly zoneIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: RolecallProps) {
    super(scope, id);
    const configuration = 'zone' in props ? openZone(props) : parseConfiguration(props.configuration);
    const zones = new HostedZones(this, 'Zones', configuration);
    const table = registryTable(this);
    const queues = new Queues(this, 'Queues');
    const { monitoring = {} } = props;
    const hasMetrics = monitoring.metrics ?? true;
    const functions = new Functions(this, 'Functions', {
      table,
      queues,
      hasMetrics,
      hasEndpoint: configuration.endpoint ?? false,
    });
    const permissions = { functions, table, queues, zoneArns: zones.arns, configuration };
    grantPermissions(permissions);

    const { update } = functions;
    const endpoint = update === undefined ? undefined : new Endpoint(this, 'Endpoint', { update });

    const installation = new CustomResource(this, 'Configuration', {
      resourceType: 'Custom::RolecallConfiguration',
      serviceToken: functions.configure.functionArn,
      serviceTimeout: Duration.seconds(CONFIGURE_TIMEOUT.toSeconds() + 60),
      properties: {
        Configuration: JSON.stringify(configuration),
        ZoneIds: zones.ids,
        ...(endpoint === undefined ? {} : { EndpointUrl: endpoint.url }),
      },
    });

    grantEarlierNames(this, { ...permissions, installation });

    // At deletion these go first: when the records are removed, no event and no message brings any back.
    const mappings = new QueueMappings(this, 'Mappings', { queues, functions });
    const rules = new EventRules(this, 'Rules', {
      queue: queues.events,
      deadLetters: queues.eventsDeadLetters,
      sweep: functions.sweep,
    });
    mappings.node.addDependency(installation);
    rules.node.addDependency(installation);
    this.alarms = new Alarms(this, 'Alarms', {
      queues,
      hasMetrics,
      enabled: (name) => isEnabled(monitoring, name),
      actions: monitoring.alarmActions ?? [],
      runbooks: monitoring.runbooks ?? DEFAULT_RUNBOOKS,
    });

    this.table = table;
    this.eventsQueue = queues.events;
    this.workQueue = queues.work;
    this.laterQueue = queues.later;
    this.zoneIds = zones.ids;
  }

  /**
   * When the group terminates an instance, it waits until its names and addresses are gone and resolvers have forgotten
   * them. If Rolecall does not answer, the group goes on when the hook's time is over.
   */
  drainOnTerminate(group: autoscaling.IAutoScalingGroup, props: HookProps = {}): autoscaling.LifecycleHook {
    return addHook(group, 'RolecallDrain', autoscaling.LifecycleTransition.INSTANCE_TERMINATING, props);
  }

  /** An instance that the group launches counts as in service once it serves in DNS, or when the hook's time is over. */
  serveBeforeInService(group: autoscaling.IAutoScalingGroup, props: HookProps = {}): autoscaling.LifecycleHook {
    return addHook(group, 'RolecallServe', autoscaling.LifecycleTransition.INSTANCE_LAUNCHING, props);
  }
}

export interface HookProps {
  /**
   * How long the group waits without a word from Rolecall, which extends it while there is something to wait for; from
   * 30 seconds to 2 hours.
   *
   * @default Duration.minutes(5)
   */
  readonly heartbeatTimeout?: Duration;
}

function addHook(
  group: autoscaling.IAutoScalingGroup,
  id: string,
  lifecycleTransition: autoscaling.LifecycleTransition,
  { heartbeatTimeout = Duration.minutes(5) }: HookProps,
): autoscaling.LifecycleHook {
  const defaultResult = autoscaling.DefaultResult.CONTINUE;
  return group.addLifecycleHook(id, { lifecycleTransition, heartbeatTimeout, defaultResult });
}

/** Checked with an id in place of the zone's own, which may be known only at the deployment. */
function openZone({ zone, private: isPrivate = false, owner }: OpenZoneProps): Configuration {
  const written = (id: string): Configuration => ({
    ...(owner === undefined ? {} : { owner }),
    zones: { zone: { name: zone.zoneName, id, private: isPrivate } },
    openRoles: 'zone',
    roles: {},
  });
  parseConfiguration(written('Z'));
  return written(zone.hostedZoneId);
}
