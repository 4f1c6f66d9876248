import type { OtherCode } from './base.ts';
import { codeFrom } from './building.ts';
import { DIFFERENCES } from './differences.ts';
import { planting, ROOT } from './planting.ts';

/** This checkout as its next version may be. */
export async function successor(): Promise<OtherCode> {
  return { path: await codeFrom(ROOT, [planting(DIFFERENCES)]), mayStay: true };
}
