import { figure } from './table.ts';

/** So many instances are terminated in one call. */
export interface Storm {
  readonly label: string;
  readonly size: number;
  readonly membersOfAName: number;
}

/** As many as a record set may hold. */
const MEMBERS_OF_A_SHARED_NAME = 400;
const SIZES = [1, 100, 1_000, 3_000, 10_000];

/** What both are measured by: Rolecall, and one function for each event. */
export const STORMS: readonly Storm[] = [
  ...SIZES.map((size) => ({ label: `${figure(size)}, a name each`, size, membersOfAName: 1 })),
  ...SIZES.map((size) => ({
    ...{ label: `${figure(size)}, shared names`, size, membersOfAName: MEMBERS_OF_A_SHARED_NAME },
  })),
];
