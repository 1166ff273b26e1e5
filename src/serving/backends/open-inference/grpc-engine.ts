import type * as Grpc from "@grpc/grpc-js";
import type { TraceSpan } from "../../engines/trace-span.ts";
import { withinSpan } from "../../engines/within-span.ts";
import { servingErrors } from "../../errors.ts";
import { loadGrpc } from "../grpc/grpc-packages.ts";
import { grpcStatus } from "../grpc/status.ts";
import { LARGEST_ANSWER } from "../remote/read-answer.ts";

/** Where an engine is, and what it is told with every call. */
export interface GrpcEngineOptions {
  /** `grpc://…`, or `grpcs://…` for TLS. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** What Cortado calls the model. */
  model: string;
  /** Milliseconds in which an answer must come. */
  deadline: number;
}

/** Milliseconds for which an engine that could not be reached is left alone, at first and at most. */
const FIRST_REST = 250;
const LONGEST_REST = 10_000;

interface Asked {
  signal?: AbortSignal | undefined;
  requestId?: string | undefined;
  trace?: TraceSpan | undefined;
}

/** An engine that speaks Open Inference over gRPC. Its connection is looked after by the library: it comes back by itself. */
export class GrpcEngine {
  readonly #grpc: typeof Grpc;
  readonly #client: Grpc.Client & Record<string, any>;
  readonly #options: GrpcEngineOptions;
  #problem: string | undefined;

  private constructor(grpc: typeof Grpc, inference: Grpc.ServiceDefinition, options: GrpcEngineOptions) {
    this.#grpc = grpc;
    this.#options = options;
    const { credentials } = grpc;
    const { host, protocol } = options.url;
    const Client = grpc.makeGenericClientConstructor(inference, "GRPCInferenceService");
    this.#client = new Client(host, protocol === "grpcs:" ? credentials.createSsl() : credentials.createInsecure(), {
      "grpc.max_receive_message_length": LARGEST_ANSWER,
      "grpc.max_send_message_length": -1,
      "grpc.initial_reconnect_backoff_ms": FIRST_REST,
      "grpc.max_reconnect_backoff_ms": LONGEST_REST,
    });
  }

  /** @throws KERNEL_MISSING_PACKAGE */
  static async open(options: GrpcEngineOptions): Promise<GrpcEngine> {
    const { grpc, inference } = await loadGrpc();
    return new GrpcEngine(grpc, inference, options);
  }

  /** Why it does not answer at present; the next call finds out. */
  get problem(): string | undefined {
    const isDown = this.#client.getChannel().getConnectivityState(false) === this.#grpc.connectivityState.TRANSIENT_FAILURE;
    return isDown ? `The engine that runs it elsewhere does not answer: ${this.#problem ?? "it is not there"}.` : undefined;
  }

  /** @throws SERVING_MODEL_REFUSED, SERVING_DEADLINE, SERVING_REMOTE_UNREACHABLE, SERVING_REMOTE_FAILED, and the signal's reason */
  call<T>(method: string, request: object, { signal, requestId, trace }: Asked = {}): Promise<T> {
    const { url, headers } = this.#options;
    const attributes = { "server.address": url.host, "url.path": method };
    return withinSpan(trace, { name: "engine", attributes, asksElsewhere: true }, (span) => {
      const metadata = new this.#grpc.Metadata();
      const told = { ...headers, ...span?.headers, ...(requestId !== undefined && { "x-request-id": requestId }) };
      for (const [name, value] of Object.entries(told)) metadata.set(name, value);
      return this.#send<T>(method, request, { metadata, signal });
    });
  }

  close(): void {
    this.#client.close();
  }

  #send<T>(method: string, request: object, { metadata, signal }: { metadata: Grpc.Metadata; signal?: AbortSignal | undefined }) {
    const { deadline } = this.#options;
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const answered = (error: Grpc.ServiceError | null, answer: T) => {
        signal?.removeEventListener("abort", leave);
        if (signal?.aborted) reject(signal.reason as Error);
        else if (error) reject(this.#errorOf(error));
        else resolve(answer);
      };
      const call: Grpc.ClientUnaryCall = this.#client[method](request, metadata, { deadline: Date.now() + deadline }, answered);
      const leave = () => call.cancel();
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  /** What the engine says of the data goes on to the caller; of its faults only that there was one. */
  #errorOf(cause: Grpc.ServiceError): Error {
    const { model, deadline } = this.#options;
    const { code, details } = cause;
    if (code === grpcStatus.invalidArgument) return servingErrors.SERVING_MODEL_REFUSED({ model, reason: details });
    if (code === grpcStatus.deadlineExceeded) return servingErrors.SERVING_DEADLINE({ model, milliseconds: deadline });
    // The library itself says so, before it has taken the message.
    if (code === grpcStatus.resourceExhausted && details.startsWith("Received message larger"))
      return servingErrors.SERVING_REMOTE_FAILED({ model, problem: `answered more than ${LARGEST_ANSWER} bytes`, cause });
    if (code === grpcStatus.unavailable || code === grpcStatus.resourceExhausted) {
      this.#problem = code === grpcStatus.unavailable ? "it cannot be reached or is not ready" : "it has no room";
      return servingErrors.SERVING_REMOTE_UNREACHABLE({ model, problem: this.#problem, cause });
    }
    return servingErrors.SERVING_REMOTE_FAILED({ model, problem: words[code] ?? `failed (gRPC ${code})`, cause });
  }
}

const words: Readonly<Record<number, string>> = {
  [grpcStatus.unauthenticated]: "wants a token",
  [grpcStatus.permissionDenied]: "does not allow it",
  [grpcStatus.notFound]: "does not have the model or the version",
};
