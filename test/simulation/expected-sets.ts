import { content } from './rendering.ts';
import type { ZoneKey } from './setting.ts';

export interface Value {
  readonly value: string;
  readonly contributor: string;
  readonly weight: number | undefined;
}

export interface Wanted {
  readonly zone: ZoneKey;
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly routing: 'simple' | 'multivalue' | 'weighted';
  readonly values: Value[];
}

/** Their content, by `zone name type set-identifier`. */
export function setsOf(wanted: readonly Wanted[], sick: ReadonlySet<string>): Map<string, string> {
  const sets = new Map<string, string>();
  for (const { zone, name, type, ttlSeconds, routing, values } of wanted) {
    const label = `${zone} ${name} ${type}`;
    const shown = type === 'PTR' ? values : withoutSick(values, sick);
    if (routing === 'simple') {
      sets.set(`${label} `, contentOf(ttlSeconds, undefined, shown));
      continue;
    }
    for (const contributor of new Set(shown.map((each) => each.contributor))) {
      const own = shown.filter((each) => each.contributor === contributor);
      sets.set(
        `${label} ${contributor}`,
        contentOf(ttlSeconds, routing === 'weighted' ? own[0]?.weight : undefined, own),
      );
    }
  }
  return sets;
}

/** The sick are withdrawn, unless they are all there is. */
function withoutSick(values: readonly Value[], sick: ReadonlySet<string>): readonly Value[] {
  const well = values.filter(({ contributor }) => !sick.has(contributor));
  return well.length === 0 ? values : well;
}

function contentOf(ttlSeconds: number, weight: number | undefined, values: readonly Value[]): string {
  return content(
    ttlSeconds,
    weight,
    values.map(({ value }) => value),
  );
}
