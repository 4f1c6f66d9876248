import { isPublishableName } from '../model/name.ts';

/** What a pattern's placeholders stand for, as far as it is known. */
export interface Occupant {
  readonly role: string;
  readonly instanceId?: string | undefined;
  readonly availabilityZone?: string | undefined;
  readonly region?: string | undefined;
  readonly ordinal?: number | undefined;
}

export type RenderedName =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'withheld'; readonly reason: 'invalid-name'; readonly detail: string };

const PLACEHOLDERS = ['role', 'az', 'region', 'instanceId', 'ordinal'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

const APEX = '@';

/** A pattern taken apart once, to be rendered for many members. */
export interface CompiledPattern {
  readonly pattern: string;
  readonly zoneName: string;
  readonly parts: readonly (string | { readonly placeholder: Placeholder })[];
  /** `{az}` or `{instanceId}` occurs: members may render it differently. */
  readonly dependsOnMember: boolean;
  readonly dependsOnOrdinal: boolean;
  /** Nothing occurs but `{role}`: all members render it alike. */
  readonly isRolesOwn: boolean;
  /** `{ordinal}` or `{instanceId}` occurs: no two members render it alike. */
  readonly isMembersOwn: boolean;
}

/** Braces around a word that is no placeholder are kept: no such name can be published, and that is then said. */
export function compilePattern(pattern: string, zoneName: string): CompiledPattern {
  const parts = pattern.split(/(\{[^{}]*\})/).flatMap((part): CompiledPattern['parts'] => {
    if (part === '') return [];
    const placeholder = PLACEHOLDERS.find((word) => part === `{${word}}`);
    return [placeholder === undefined ? part.toLowerCase() : { placeholder }];
  });
  const uses = (...words: readonly Placeholder[]) =>
    parts.some((part) => typeof part !== 'string' && words.includes(part.placeholder));
  return {
    pattern,
    zoneName,
    parts,
    dependsOnMember: uses('az', 'instanceId'),
    dependsOnOrdinal: uses('ordinal'),
    isRolesOwn: !uses('az', 'region', 'instanceId', 'ordinal'),
    isMembersOwn: uses('ordinal', 'instanceId'),
  };
}

/** The full name, lower case and without the final dot; or why there is none. */
export function renderName(compiled: CompiledPattern, occupant: Occupant): RenderedName {
  let relative = '';
  for (const part of compiled.parts) {
    const text = typeof part === 'string' ? part : valueOf(part.placeholder, occupant);
    if (text === undefined) {
      const missing = typeof part === 'string' ? part : part.placeholder;
      return { kind: 'withheld', reason: 'invalid-name', detail: `${compiled.pattern}: there is no ${missing}` };
    }
    relative += text;
  }
  const name = relative === APEX ? compiled.zoneName : `${relative}.${compiled.zoneName}`;
  if (!isPublishableName(name)) {
    return { kind: 'withheld', reason: 'invalid-name', detail: `${compiled.pattern}: ${name} is no name for a record` };
  }
  return { kind: 'name', name };
}

function valueOf(placeholder: Placeholder, occupant: Occupant): string | undefined {
  switch (placeholder) {
    case 'role':
      return occupant.role;
    case 'az':
      return occupant.availabilityZone?.toLowerCase();
    case 'region':
      return occupant.region?.toLowerCase();
    case 'instanceId':
      return occupant.instanceId?.toLowerCase();
    case 'ordinal':
      return occupant.ordinal === undefined ? undefined : String(occupant.ordinal);
  }
}
