/** Waits for work; when it takes longer than so many milliseconds, `overran` ends it, and so the work. */
export async function withinTime<T>(milliseconds: number, work: Promise<T>, overran: () => void): Promise<T> {
  const limit = setTimeout(overran, milliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(limit);
  }
}
