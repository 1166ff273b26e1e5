/** Lists in one, each item once, and before those that follow it in any list; `conflict` is told of items that cannot be. */
export function mergeInOrder<T>(lists: readonly (readonly T[])[], conflict: (items: readonly T[]) => void): T[] {
  const before = new Map<T, Set<T>>();
  for (const list of lists) {
    for (const [at, item] of list.entries()) {
      const earlier = before.get(item) ?? new Set<T>();
      before.set(item, earlier);
      if (at > 0 && list[at - 1] !== item) earlier.add(list[at - 1]!);
    }
  }
  const merged: T[] = [];
  const left = new Map(before);
  while (left.size > 0) {
    const ready = [...left.keys()].filter((item) => [...left.get(item)!].every((earlier) => !left.has(earlier)));
    if (ready.length === 0) {
      conflict([...left.keys()]);
      return [...before.keys()];
    }
    for (const item of ready) {
      merged.push(item);
      left.delete(item);
    }
  }
  return merged;
}
