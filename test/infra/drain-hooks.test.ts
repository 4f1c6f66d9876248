import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { beforeAll, describe, expect, it } from 'vitest';
import { Rolecall } from '../../lib/infra/rolecall.ts';
import { newApp, synthesize } from './synthesized.ts';

describe('a construct that is given an Auto Scaling group', () => {
  let stack: Stack;
  let rolecall: Rolecall;

  beforeAll(async () => {
    await synthesize();
    stack = new Stack(newApp(), 'Mine');
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0PUB', zoneName: 'example.com' });
    rolecall = new Rolecall(stack, 'Names', { zone });
    const group = AutoScalingGroup.fromAutoScalingGroupName(stack, 'Group', 'web');
    rolecall.drainOnTerminate(group);
    rolecall.serveBeforeInService(group, { heartbeatTimeout: Duration.minutes(2) });
  });

  function hooks(transition: string): object[] {
    const LifecycleTransition = `autoscaling:EC2_INSTANCE_${transition}`;
    const found = Template.fromStack(stack).findResources('AWS::AutoScaling::LifecycleHook', {
      Properties: { LifecycleTransition },
    });
    return Object.values(found).map(({ Properties }: { Properties?: object }) => Properties ?? {});
  }

  it('adds a termination hook that lets the instance go should Rolecall not answer', () => {
    expect(hooks('TERMINATING')).toMatchObject([
      {
        AutoScalingGroupName: 'web',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        DefaultResult: 'CONTINUE',
        HeartbeatTimeout: 300,
      },
    ]);
  });

  it('adds a launch hook that never abandons', () => {
    expect(hooks('LAUNCHING')).toMatchObject([
      {
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        DefaultResult: 'CONTINUE',
        HeartbeatTimeout: 120,
      },
    ]);
  });
});
