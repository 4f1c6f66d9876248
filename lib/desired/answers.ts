import { normalName } from '../model/name.ts';
import type { RecordType } from '../model/record-set.ts';
import type { AddressKind } from '../model/role.ts';
import { compilePattern } from './names.ts';
import { type Group, isFixed, ONE_SET, renderWithoutMember, type Scene } from './scene.ts';

/**
 * `whenEmpty: { answer }`: what stands at a name of the role that nobody fills, from the first deploy on.
 *
 * ```
 * answer         at names with an address   as
 * 192.0.2.10     private or public          A
 * 2001:db8::10   ipv6                       AAAA
 * a name         of any kind                CNAME
 * ```
 *
 * A name that differs between members has no answer: there is none when there are no members.
 */
export function answersOf(scene: Scene, isFilled: (name: string, type: RecordType) => boolean): Group[] {
  const { role, zone } = scene;
  if (typeof role.whenEmpty === 'string') return [];
  const { type, value, kinds } = answerOf(role.whenEmpty.answer);
  return role.names.flatMap((pattern) => {
    const compiled = compilePattern(pattern.pattern, pattern.zoneName);
    if (pattern.zone !== zone.key || !isFixed(compiled)) return [];
    if (!pattern.addresses.some((kind) => kinds.includes(kind))) return [];
    const rendered = renderWithoutMember(scene, compiled);
    if (rendered.kind === 'withheld') {
      scene.withhold({ name: pattern.pattern, type, reason: rendered.reason, detail: rendered.detail });
      return [];
    }
    const { name } = rendered;
    if (ADDRESS_TYPES.some((each) => isFilled(name, each))) return [];
    const shares = [{ contributor: 'answer', values: [value] }];
    return [{ name, type, ttlSeconds: pattern.ttlSeconds, routing: ONE_SET, shares }];
  });
}

const ADDRESS_TYPES = ['A', 'AAAA', 'CNAME'] as const;

interface Answer {
  readonly type: 'A' | 'AAAA' | 'CNAME';
  readonly value: string;
  readonly kinds: readonly AddressKind[];
}

function answerOf(answer: string): Answer {
  if (answer.includes(':')) return { type: 'AAAA', value: answer, kinds: ['ipv6'] };
  if (/^[\d.]+$/.test(answer)) return { type: 'A', value: answer, kinds: ['private', 'public'] };
  return { type: 'CNAME', value: normalName(answer), kinds: ['private', 'public', 'ipv6', 'ec2-name'] };
}
