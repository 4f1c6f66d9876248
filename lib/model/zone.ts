/** A hosted zone under our care. */
export interface Zone {
  /** The key that the configuration gives it. */
  readonly key: string;
  /** Route 53's id, without `/hostedzone/`. */
  readonly id: string;
  /** Lower case, without the final dot. */
  readonly name: string;
  readonly private: boolean;
}

/** The work group of Elastic IPs. */
export const ADDRESSES_GROUP = 'addresses';

/** The work group of drains and lifecycle hooks. */
export const DRAINS_GROUP = 'drains';

/** The name of the TXT set that carries the serial of a zone. */
export function serialRecordName(owner: string, zoneName: string): string {
  return `${owner}._rolecall.${zoneName}`;
}
