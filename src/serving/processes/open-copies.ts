/** A copy of a model, and what lets it go. */
interface Copy<T> {
  open(): Promise<T>;
  close(): unknown;
}

/**
 * Loads every copy of a model; where one does not load, or `closing` tells meanwhile that nobody waits for them any more, all are
 * let go.
 */
export async function openCopies<T>(copies: readonly Copy<T>[], closing: AbortSignal | undefined): Promise<T[]> {
  const close = (): void => {
    for (const copy of copies) void copy.close();
  };
  closing?.addEventListener("abort", close);
  if (closing?.aborted) close();
  try {
    return await Promise.all(copies.map((copy) => copy.open()));
  } catch (error) {
    close();
    throw error;
  } finally {
    closing?.removeEventListener("abort", close);
  }
}
