import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

const exporter = new InMemorySpanExporter();

/** Registers the SDK for this process, as a project's own file would. */
export function registerTracing(): void {
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
}

/** What was told since the last look, oldest first. */
export function takeSpans(): ReadableSpan[] {
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  return [...spans];
}

/** Spans as a tree of names, each below its parent, in the order in which they began. */
export function treeOf(spans: readonly ReadableSpan[], parent?: string): string[] {
  const known = new Set(spans.map((span) => span.spanContext().spanId));
  return spans
    .filter(({ parentSpanContext: above }) => (parent === undefined ? !known.has(above?.spanId ?? "") : above?.spanId === parent))
    .toSorted((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
    .flatMap((span) => [span.name, ...treeOf(spans, span.spanContext().spanId).map((line) => `  ${line}`)]);
}

/** The headers of a request that somebody else began to trace. */
export function traceHeaders(traceId: string): Record<string, string> {
  return { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
}
