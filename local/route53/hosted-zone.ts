import { RecordIndex } from './record-index.ts';

export interface Vpc {
  readonly id: string;
  readonly region: string;
}

/** One hosted zone: its records as written, and as its name servers answer. */
export interface HostedZone {
  readonly id: string;
  /** In the form of `storedName`. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment?: string;
  /** A private zone has one. */
  readonly vpc?: Vpc;
  readonly current: RecordIndex;
  /** Lags behind `current` until INSYNC. */
  readonly published: RecordIndex;
}

/** Names that exist nowhere (RFC 2606): nobody should ask the name servers of a local account's zone by name. */
export const NAME_SERVERS: readonly string[] = [0, 1, 2, 3].map((number) => `ns-${number}.local-account.invalid`);

const NS_TTL_SECONDS = 172_800;
const SOA_TTL_SECONDS = 900;

/** With the NS and SOA that Route 53 makes for every zone ("NS and SOA records …"). */
export function newHostedZone(zone: Omit<HostedZone, 'current' | 'published'>): HostedZone {
  const current = new RecordIndex(zone.name);
  const values = NAME_SERVERS.map((server) => `${server}.`);
  current.put({ name: zone.name, type: 'NS', ttlSeconds: NS_TTL_SECONDS, values });
  current.put({
    name: zone.name,
    type: 'SOA',
    ttlSeconds: SOA_TTL_SECONDS,
    values: [`${values[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
  });
  return { ...zone, current, published: new RecordIndex(zone.name) };
}
