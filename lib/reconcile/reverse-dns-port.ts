import type { ReverseDns } from '../model/address.ts';

/** What became of a change of reverse DNS; `rejected`: EC2 would not have it, which asking at once again will not help. */
export type ReverseDnsOutcome = {
  readonly kind: 'done' | 'rejected' | 'throttled' | 'access-denied' | 'unknown';
  readonly message?: string;
};

/** EC2, as far as the reverse DNS of Elastic IPs goes. */
export interface ReverseDnsPort {
  /** DescribeAddressesAttribute of these, which must exist; all pages, or it throws `ServiceFailure`. */
  describeReverseDns(allocationIds: readonly string[]): Promise<readonly ReverseDns[]>;
  /** ModifyAddressAttribute, sent once; EC2 then works on it for a while. */
  setReverseDns(allocationId: string, name: string): Promise<ReverseDnsOutcome>;
  /** ResetAddressAttribute, sent once. */
  resetReverseDns(allocationId: string): Promise<ReverseDnsOutcome>;
}
