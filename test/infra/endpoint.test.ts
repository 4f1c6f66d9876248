import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXISTING_ZONES, newApp, resource, resources, stackIn, synthesize } from './synthesized.ts';

const WITH_ENDPOINT = { ...EXISTING_ZONES, endpoint: true, hosts: { 'dc1-web': { roles: ['web'] } } };

let template: Template;
beforeAll(async () => {
  template = await synthesize(WITH_ENDPOINT);
});

describe('the endpoint', () => {
  it('is not there unless the configuration asks for it', async () => {
    const without = await synthesize();
    expect(resources(without, 'AWS::Lambda::Url').size).toBe(0);
    expect(resources(without, 'AWS::Lambda::Function').size).toBe(4);
    expect(resources(without, 'AWS::Lambda::Permission').size).toBe(1);
    const [installation] = resources(without, 'Custom::RolecallConfiguration').values();
    expect(installation?.Properties).not.toHaveProperty('EndpointUrl');
  });

  it('is a buffered Function URL that asks nobody to sign', () => {
    const [url] = resources(template, 'AWS::Lambda::Url').values();
    expect(url?.Properties).toEqual({
      AuthType: 'NONE',
      InvokeMode: 'BUFFERED',
      TargetFunctionArn: { 'Fn::GetAtt': [expect.stringMatching(/^RolecallFunctionsUpdate[0-9A-F]{8}$/), 'Arn'] },
    });
  });

  it('may be called by everyone through the URL, and in no other way', () => {
    const open = [...resources(template, 'AWS::Lambda::Permission').values()]
      .map(({ Properties }) => Properties)
      .filter(({ Principal }) => Principal === '*')
      .map(({ FunctionName: _name, ...rest }) => rest);
    expect(open).toEqual([
      { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE', Principal: '*' },
      { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true, Principal: '*' },
    ]);
  });

  it('is told to the installation, which adds no output', () => {
    const [installation] = resources(template, 'Custom::RolecallConfiguration').values();
    expect(installation?.Properties['EndpointUrl']).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^RolecallFunctionsUpdate\w+$|^RolecallEndpoint\w+$/), 'FunctionUrl'],
    });
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'EventsQueue',
      'LaterQueue',
      'RegistryTable',
      'WorkQueue',
    ]);
  });
});

describe('λ update', () => {
  it('uses the registry and wakes groups; it reaches neither EC2 nor Route 53', () => {
    const policy = resource(template, 'AWS::IAM::Policy', 'RolecallFunctionsUpdateRoleDefaultPolicy');
    const { Statement } = policy.Properties['PolicyDocument'] as {
      readonly Statement: readonly { readonly Action: string | string[]; readonly Resource: unknown }[];
    };
    expect([...new Set(Statement.flatMap(({ Action }) => Action))].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:DeleteItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:SendMessage',
    ]);
    const send = Statement.find(({ Action }) => Action === 'sqs:SendMessage');
    expect(send?.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^RolecallQueuesWork[0-9A-F]{8}$/), 'Arn'] });
    expect(Statement.filter(({ Resource }) => Resource === '*')).toEqual([]);
  });

  it('reaches the partitions of the registry that it needs, whether it reads or writes', () => {
    const policy = resource(template, 'AWS::IAM::Policy', 'RolecallFunctionsUpdateRoleDefaultPolicy');
    const { Statement } = policy.Properties['PolicyDocument'] as {
      readonly Statement: readonly { readonly Action: string | string[]; readonly Condition?: object }[];
    };
    const onPartitions = (...partitions: string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
    });
    const registry = Statement.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'));
    expect(registry.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['dynamodb:BatchGetItem', onPartitions('installation', 'tokens', 'facts', 'limit#*', 'role#*', 'group#*')],
      ['dynamodb:Query', onPartitions('role#*')],
      [
        ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        onPartitions('facts', 'limit#*', 'role#*', 'group#*'),
      ],
    ]);
  });

  it('takes no address of documentation in AWS', () => {
    const { Properties } = resource(template, 'AWS::Lambda::Function', 'RolecallFunctionsUpdate');
    const { Variables } = Properties['Environment'] as { readonly Variables: object };
    expect(Object.keys(Variables)).not.toContain('ROLECALL_ADDRESS_POLICY');
  });

  it('gives cdk-nag’s AwsSolutions nothing to find', async () => {
    const app = newApp();
    await stackIn(app, WITH_ENDPOINT);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const { directory } = app.synth();
    const { pluginReports } = JSON.parse(await readFile(join(directory, 'validation-report.json'), 'utf8')) as {
      readonly pluginReports: readonly { readonly pluginName: string; readonly violations: readonly unknown[] }[];
    };
    expect(pluginReports.map(({ pluginName, violations }) => [pluginName, violations])).toContainEqual([
      'AwsSolutions',
      [],
    ]);
  });
});
