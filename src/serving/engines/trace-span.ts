/** What a stretch of time is told with. */
export interface SpanOptions {
  /** When it began, by `performance.now()`. Default: now. */
  since?: number;
  attributes?: SpanAttributes;
  /** True where it waits for another process that answers over the network. */
  asksElsewhere?: boolean;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A stretch of time in a trace. Without a tracer there are none, and requests carry nothing. */
export interface TraceSpan {
  /** What is handed on, so that what others do is told below it: `traceparent`, `tracestate`. */
  readonly headers: Readonly<Record<string, string>>;
  /** A stretch within it. */
  child(name: string, options?: SpanOptions): TraceSpan;
  /** Runs code within it: what that code tells of itself is told below it. */
  within<T>(work: () => T): T;
  /** Ends it, with what is known by then; only the first call counts. */
  end(outcome?: { error?: unknown; attributes?: SpanAttributes }): void;
}

/** Begins traces: `openTelemetry()` makes one. */
export interface Tracer {
  /** Begins the stretch of a request, below the one that is going on, or the one that the request's headers name. */
  begin(name: string, options: SpanOptions & { headers?: Readonly<Record<string, unknown>> | undefined }): TraceSpan;
}
