import type { SpanOptions, TraceSpan } from "./trace-span.ts";

/** Does work within a stretch of a trace of its own, where there is a trace. */
export async function withinSpan<T>(
  parent: TraceSpan | undefined,
  { name, ...options }: SpanOptions & { name: string },
  work: (span?: TraceSpan) => Promise<T>,
): Promise<T> {
  if (parent === undefined) return work();
  const span = parent.child(name, options);
  try {
    const result = await span.within(() => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}
