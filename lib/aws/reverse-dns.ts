import {
  type AddressAttribute,
  DescribeAddressesAttributeCommand,
  type EC2Client,
  ModifyAddressAttributeCommand,
  ResetAddressAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { ReverseDns } from '../model/address.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { ReverseDnsOutcome, ReverseDnsPort } from '../reconcile/ports.ts';
import { failureOf, reverseDnsOutcomeOf } from './error-codes.ts';

const IDS_A_CALL = 100;
const MAX_PAGES = 100;

/** The attribute `domain-name` of Elastic IPs: "Create a reverse DNS record for email on Amazon EC2". */
export function createReverseDns(client: EC2Client): ReverseDnsPort {
  return {
    describeReverseDns: async (allocationIds) => {
      const found: ReverseDns[] = [];
      for (let from = 0; from < allocationIds.length; from += IDS_A_CALL)
        found.push(...(await described(client, allocationIds.slice(from, from + IDS_A_CALL))));
      return found;
    },
    setReverseDns: async (allocationId, name) =>
      await outcomeOf(client.send(new ModifyAddressAttributeCommand({ AllocationId: allocationId, DomainName: name }))),
    resetReverseDns: async (allocationId) =>
      await outcomeOf(
        client.send(new ResetAddressAttributeCommand({ AllocationId: allocationId, Attribute: 'domain-name' })),
      ),
  };
}

async function outcomeOf(sent: Promise<unknown>): Promise<ReverseDnsOutcome> {
  try {
    await sent;
    return { kind: 'done' };
  } catch (error) {
    return reverseDnsOutcomeOf(error);
  }
}

async function described(client: EC2Client, ids: readonly string[]): Promise<ReverseDns[]> {
  const found: ReverseDns[] = [];
  let next: { readonly NextToken?: string } = {};
  try {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const asked = { Attribute: 'domain-name' as const, AllocationIds: [...ids], ...next };
      const { Addresses = [], NextToken } = await client.send(new DescribeAddressesAttributeCommand(asked));
      found.push(...Addresses.flatMap(reverseDnsOf));
      if (!NextToken) return found;
      next = { NextToken };
    }
  } catch (error) {
    throw failureOf(error);
  }
  throw new ServiceFailure('invalid', `DescribeAddressesAttribute goes on after ${MAX_PAGES} pages`);
}

/** Only `PENDING` is documented as a status: anything else is no longer under way. */
function reverseDnsOf({ AllocationId, PtrRecord, PtrRecordUpdate: update }: AddressAttribute): ReverseDns[] {
  if (!AllocationId) return [];
  const current = PtrRecord ? { current: normal(PtrRecord) } : {};
  const shown: ReverseDns = { allocationId: AllocationId, ...current };
  if (!update?.Status) return [shown];
  const name = normal(update.Value ?? '');
  if (update.Status.toUpperCase() === 'PENDING') return [{ ...shown, pending: name }];
  if (name === '' || name === shown.current) return [shown];
  return [{ ...shown, failed: { name, reason: update.Reason || update.Status } }];
}

function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
