/** Those that belong; the list itself where all do, as nearly always: of a large fleet no second one is made. */
export function subsetOf<Each>(all: readonly Each[], belongs: (each: Each) => boolean): readonly Each[] {
  return all.every(belongs) ? all : all.filter(belongs);
}
