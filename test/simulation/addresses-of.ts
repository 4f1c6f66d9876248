import { type Instance, primaryPrivateAddress } from '../../local/ec2/instance.ts';

/** Those that are an instance's own: an Elastic IP is its slot's. */
export function addressesOf(instance: Instance): string[] {
  const all = [
    instance.autoPublicAddress,
    primaryPrivateAddress(instance),
    ...(instance.interfaces[0]?.ipv6Addresses ?? []),
  ];
  return all.flatMap((address) => (address === undefined ? [] : [address]));
}
