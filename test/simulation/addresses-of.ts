import { type Instance, primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { publicDnsName } from '../../local/ec2/network.ts';

/** Those that are an instance's own: an Elastic IP is its slot's. */
export function addressesOf(instance: Instance): string[] {
  const all = [
    instance.autoPublicAddress,
    primaryPrivateAddress(instance),
    ...(instance.interfaces[0]?.ipv6Addresses ?? []),
  ];
  return all.flatMap((address) => (address === undefined ? [] : [address]));
}

/** What in a record leads to the instance: its own addresses, and the name that EC2 gives to its public one. */
export function answersOf(instance: Instance): string[] {
  const { autoPublicAddress } = instance;
  const names = autoPublicAddress === undefined ? [] : [publicDnsName(autoPublicAddress, 'us-east-1')];
  return [...addressesOf(instance), ...names];
}
