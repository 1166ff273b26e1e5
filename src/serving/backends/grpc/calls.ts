import type * as Grpc from "@grpc/grpc-js";
import type { Authorizer, Caller, ModelAction } from "../../protocols/access.ts";
import type { ModelInfo } from "../../models/model-info.ts";
import type { ModelServer } from "../../models/model-server.ts";
import type { RequestHeaders } from "../../aliases/pick-canary.ts";
import type { RunningCalls } from "./running-calls.ts";
import { failureOf } from "./status.ts";

/** What every call of a server shares. */
export interface GrpcContext {
  grpc: typeof Grpc;
  models: ModelServer;
  authorizer: Authorizer;
  log: { warn(message: string): void };
  /** Aborted when the server begins to close. */
  closing: AbortSignal;
  running: RunningCalls;
  /** The name by which the server calls itself. */
  serverName: string | undefined;
}

/** One call, as what answers it sees it. */
export interface Call extends GrpcContext {
  caller: Caller & { readonly headers: RequestHeaders };
  /** Gives what is aborted when the client gives the call up, leaves, or its deadline passes. Most calls never make it. */
  signal(): AbortSignal;
  /** When the client has waited long enough, in milliseconds since 1970; infinite where it waits as long as it takes. */
  deadline: number;
  requestId: string | undefined;
  /** Told with the answer: which version gave it, and how long it took. */
  tell(name: string, value: string): void;
}

/** Holds a call against who may do what. @throws HttpError 401, 403 */
export async function authorize(call: Call, action: ModelAction, model?: ModelInfo): Promise<void> {
  await call.authorizer.authorize(call.caller, action, model);
}

/** What calls of every form have. */
type AnyCall = Pick<Grpc.ServerUnaryCall<unknown, unknown>, "metadata" | "getDeadline"> & {
  on(event: "cancelled", listener: () => void): unknown;
};

/** What is known of a call: its token, its deadline, and whether its client is still there. */
export function openCall(context: GrpcContext, call: AnyCall): { call: Call; trailer: Grpc.Metadata } {
  context.running.add(call);
  const headers = headersOf(call.metadata);
  const trailer = new context.grpc.Metadata();
  const opened: Call = {
    ...context,
    caller: { headers },
    signal: signalOf(call),
    deadline: Number(call.getDeadline()),
    requestId: headers["x-request-id"],
    tell: (name, value) => trailer.set(name, value),
  };
  return { call: opened, trailer };
}

function signalOf(call: AnyCall): () => AbortSignal {
  let gone: AbortController | undefined;
  let hasLeft = false;
  call.on("cancelled", () => {
    hasLeft = true;
    gone?.abort();
  });
  return () => {
    gone ??= new AbortController();
    if (hasLeft) gone.abort();
    return gone.signal;
  };
}

/** A call's metadata as the headers of a request; what is no text is left out. */
function headersOf(metadata: Grpc.Metadata): Record<string, string> {
  const texts = Object.entries(metadata.getMap()).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts);
}

/** A call of one question and one answer. `modelOf` says which model it is about, for its errors. */
export function unary<In, Out>(
  context: GrpcContext,
  answer: (request: In, call: Call) => Out | Promise<Out>,
): Grpc.handleUnaryCall<In, Out> {
  return (served, callback) => {
    const { call, trailer } = openCall(context, served);
    const answering = async () => answer(served.request, call);
    answering().then(
      (value) => callback(null, value, trailer),
      (error: unknown) => callback(serviceError(call, error, modelOf(served.request))),
    );
  };
}

/** An error as the library takes the end of a call. */
export function serviceError(
  { grpc, models, log, requestId }: GrpcContext & { requestId?: string | undefined },
  error: unknown,
  model: string,
): Partial<Grpc.StatusObject> {
  const { code, details, metadata } = failureOf(error, { models, log, model, requestId });
  const told = new grpc.Metadata();
  for (const [name, value] of Object.entries(metadata)) told.set(name, value);
  return { code: code as Grpc.status, details, metadata: told };
}

function modelOf(request: unknown): string {
  const { model_name: model, name } = request as { model_name?: string; name?: string };
  return model ?? name ?? "";
}
