import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { unknownInstance } from '../../lib/model/fact.ts';
import type { Slot } from '../../lib/model/slot.ts';
import type { Registry, Seating } from '../../lib/reconcile/ports.ts';
import { newRegistry } from './new-registry.ts';

export const PUB = 'Z0PUB';
export const INT = 'Z0INT';
const ONE = 'i-0000000000000000a';
const INSTALLATION = resolveConfiguration(
  parseConfiguration({
    zones: {
      pub: { name: 'example.com', id: PUB, private: true },
      int: { name: 'corp.internal', id: INT, private: true },
    },
    roles: { db: { names: [{ zone: 'pub' }, { zone: 'int' }], holders: 1 } },
  }),
  {},
);

export const SLOT: Slot = { role: 'db', ordinal: 1, allocationId: '', publicIpv4: '', holder: ONE, version: 1 };

/** One slot is vacant, of an instance of which both zones were told at once. */
export async function newVacancy(): Promise<Registry> {
  const { registry } = await newRegistry();
  await registry.install(INSTALLATION, undefined, [], []);
  await news(registry);
  return registry;
}

/** Of the one instance, for both zones at once. */
export async function news(registry: Registry): Promise<void> {
  const { facts } = await registry.readFacts([ONE]);
  const before = facts[0] ?? unknownInstance(ONE, '123456789012', 'us-east-1');
  const subject = { kind: 'instance', instanceId: ONE } as const;
  const mark = { subject, roles: ['db'], reason: 'launched', sinceMs: 5 } as const;
  const marks = [PUB, INT].map((group) => ({ ...mark, group }));
  const saved = await registry.saveFacts([{ before, after: before, members: [], removedRoles: [], marks }]);
  if (saved.length > 0) throw new Error('the news were not stored');
}

/** Of the vacant slot, on account of the mark with the stamp `from`. */
export function seating(from: string, to: string, changes: Partial<Slot> = {}): Seating {
  const renewed = { from, to };
  const subject = { kind: 'instance', instanceId: ONE } as const;
  return {
    writes: [{ after: { ...SLOT, ...changes }, renewed }],
    renewals: [PUB, INT].map((group) => ({ group, subject, roles: ['db'], ...renewed })),
  };
}
