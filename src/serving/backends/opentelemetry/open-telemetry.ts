import type * as OpenTelemetry from "@opentelemetry/api";
import type { Attributes, Context, Span, Tracer as ApiTracer } from "@opentelemetry/api";
import { CortadoError, importOptional, packageVersion } from "#kernel";
import type { SpanOptions, Tracer, TraceSpan } from "../../engines/trace-span.ts";

type Api = typeof OpenTelemetry;

/** Errors that are answers, and no faults of the server. */
const notFaults = /^(HTTP_|SERVING_(BAD_INPUT|BAD_ALIAS|UNKNOWN_|MODEL_REFUSED))/;

/**
 * Tells OpenTelemetry of every prediction, through whatever SDK the process has registered: `serving: { tracing: true }`
 * does it for a project.
 *
 * ```ts
 * server.traceWith(await openTelemetry());
 * ```
 * @throws KERNEL_MISSING_PACKAGE
 */
export async function openTelemetry(): Promise<Tracer> {
  const api = await importOptional("@opentelemetry/api", "Tracing", () => import("@opentelemetry/api"));
  return {
    begin(name, { headers, ...options }) {
      const tracer = api.trace.getTracer("cortado", packageVersion());
      const here = api.context.active();
      // What goes on in this process knows the request already, where something watches its HTTP server.
      const isKnown = api.trace.getSpan(here) !== undefined;
      const parent = isKnown ? here : api.propagation.extract(here, headers ?? {});
      const kind = isKnown ? api.SpanKind.INTERNAL : api.SpanKind.SERVER;
      return new OpenTelemetrySpan({ api, tracer, offset: Date.now() - performance.now() }, { name, options, parent, kind });
    },
  };
}

/** What all the spans of a request share. `offset` turns `performance.now()` into milliseconds since 1970. */
interface Shared {
  api: Api;
  tracer: ApiTracer;
  offset: number;
}

interface Beginning {
  name: string;
  options: SpanOptions;
  parent: Context;
  kind: number;
}

class OpenTelemetrySpan implements TraceSpan {
  readonly #shared: Shared;
  readonly #span: Span;
  readonly #context: Context;
  #headers: Record<string, string> | undefined;

  constructor(shared: Shared, { name, options, parent, kind }: Beginning) {
    const { api, tracer, offset } = shared;
    const { since = performance.now(), attributes = {} } = options;
    this.#shared = shared;
    this.#span = tracer.startSpan(name, { kind, startTime: offset + since, attributes: { ...attributes } as Attributes }, parent);
    this.#context = api.trace.setSpan(parent, this.#span);
  }

  get headers(): Readonly<Record<string, string>> {
    if (this.#headers === undefined) this.#shared.api.propagation.inject(this.#context, (this.#headers = {}));
    return this.#headers;
  }

  child(name: string, options: SpanOptions = {}): TraceSpan {
    const { INTERNAL, CLIENT } = this.#shared.api.SpanKind;
    const kind = options.asksElsewhere ? CLIENT : INTERNAL;
    return new OpenTelemetrySpan(this.#shared, { name, options, parent: this.#context, kind });
  }

  within<T>(work: () => T): T {
    return this.#shared.api.context.with(this.#context, work);
  }

  end({ error, attributes }: Parameters<TraceSpan["end"]>[0] = {}): void {
    if (!this.#span.isRecording()) return;
    if (attributes) this.#span.setAttributes({ ...attributes } as Attributes);
    if (error !== undefined) this.#fail(error);
    this.#span.end(this.#shared.offset + performance.now());
  }

  #fail(error: unknown): void {
    const { ERROR } = this.#shared.api.SpanStatusCode;
    const { code = "" } = error as { code?: unknown };
    const type = error instanceof CortadoError ? String(code) : error instanceof Error ? error.name : typeof error;
    this.#span.setAttribute("error.type", type);
    if (notFaults.test(type)) return;
    if (error instanceof Error) this.#span.recordException(error);
    this.#span.setStatus({ code: ERROR, message: error instanceof Error ? error.message : String(error) });
  }
}
