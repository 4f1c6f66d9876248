import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53';
import { expect } from 'vitest';
import { conformanceClients, freshName } from './endpoint.ts';

export const { route53 } = conformanceClients();

interface Zone {
  readonly id: string;
  /** Without the final dot. */
  readonly name: string;
}

export async function createZone(name = `${freshName('zone')}.example`): Promise<Zone> {
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: freshName('reference') }),
  );
  return { id: (HostedZone?.Id ?? '').replace('/hostedzone/', ''), name };
}

export async function change(zone: Zone, ...Changes: Change[]): Promise<string> {
  const { ChangeInfo } = await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes } }),
  );
  return ChangeInfo?.Id ?? '';
}

export function set(
  name: string,
  type: RRType,
  values: string[],
  more: Partial<ResourceRecordSet> = {},
): ResourceRecordSet {
  return { Name: name, Type: type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })), ...more };
}

export function one(Action: ChangeAction, ResourceRecordSet: ResourceRecordSet): Change {
  return { Action, ResourceRecordSet };
}

export async function page(zone: Zone, more: Partial<ListResourceRecordSetsCommandInput> = {}) {
  return route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, ...more }));
}

/** `name type value,value`, all but the zone's own NS and SOA, in the order of the answer. */
export async function listed(zone: Zone): Promise<string[]> {
  const { ResourceRecordSets = [] } = await page(zone);
  return ResourceRecordSets.filter(({ Type }) => Type !== 'NS' && Type !== 'SOA').map(
    ({ Name, Type, ResourceRecords = [] }) =>
      `${Name} ${Type} ${ResourceRecords.map(({ Value }) => Value)
        .sort((left = '', right = '') => left.localeCompare(right))
        .join(',')}`,
  );
}

export async function refusal(attempt: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
  }
  throw new Error('It was not refused.');
}

export function refusedAs(name: string, text = ''): { name: string; message: unknown } {
  return { name, message: expect.stringContaining(text) };
}
