import { setTimeout as sleep } from "node:timers/promises";
import type * as Grpc from "@grpc/grpc-js";
import { httpErrors, type TlsFiles } from "#http";
import type { ModelServer } from "../../models/model-server.ts";
import type { Authorizer } from "../../protocols/access.ts";
import { type Call, type GrpcContext, unary } from "./calls.ts";
import { loadGrpc } from "./grpc-packages.ts";
import { healthCalls, watchHealth } from "./health-calls.ts";
import { infer } from "./infer-calls.ts";
import { modelCalls } from "./model-calls.ts";
import { repositoryCalls } from "./repository-calls.ts";
import { RunningCalls } from "./running-calls.ts";
import { settingsCalls } from "./settings-calls.ts";
import { streamInfer } from "./stream-infer.ts";

/** Where and how gRPC is spoken. */
export interface GrpcOptions {
  /** Default 127.0.0.1. */
  host?: string | undefined;
  /** 0 takes a free one. */
  port: number;
  /** Decides about every call; its `authorization` is the metadata's. */
  authorizer: Authorizer;
  /** The most bytes of a message that comes. Default 64 MB. */
  maxMessageSize?: number | undefined;
  /** Speaks over TLS by these. Left out, as it is: for one machine, or behind a proxy. */
  tls?: TlsFiles | undefined;
  /** The name by which the server calls itself; some clients of Triton want `triton`. Default `cortado`. */
  serverName?: string | undefined;
  log?: { warn(message: string): void } | undefined;
}

/** gRPC being spoken. */
export interface GrpcServer {
  /** `127.0.0.1:8001` */
  address: string;
  port: number;
  /** Takes no more calls, finishes those that run, and ends the streams that stay open. */
  close(): Promise<void>;
}

const MESSAGE_LIMIT = 64 * 2 ** 20;
/** How many calls one connection may have open; clients let more wait. */
const CALLS_AT_ONCE = 1024;
/** Milliseconds in which running calls must end when the server closes. */
const GRACE = 30_000;
/** Milliseconds in which clients must let go of their connections, and of streams that they left open, once all calls are over. */
const LINGER = 1000;

/**
 * Speaks the Open Inference Protocol over gRPC, with Triton's additions and gRPC's health checks, on a port of its own.
 *
 * ```ts
 * const grpc = await startGrpc(server, { port: 8001, authorizer });
 * ```
 * @throws KERNEL_MISSING_PACKAGE, HTTP_CANNOT_LISTEN
 */
export async function startGrpc(models: ModelServer, options: GrpcOptions): Promise<GrpcServer> {
  const { grpc, inference, health } = await loadGrpc();
  const closing = new AbortController();
  const { authorizer, serverName, log = console } = options;
  const running = new RunningCalls();
  const context: GrpcContext = { grpc, models, authorizer, serverName, log, closing: closing.signal, running };
  const server = new grpc.Server({
    "grpc.max_receive_message_length": options.maxMessageSize ?? MESSAGE_LIMIT,
    "grpc.max_send_message_length": -1,
    "grpc.max_concurrent_streams": CALLS_AT_ONCE,
  });
  const calls = { ...modelCalls, ...repositoryCalls, ...settingsCalls, ModelInfer: infer };
  server.addService(inference, { ...unaryCalls(context, calls), ModelStreamInfer: streamInfer(context) });
  server.addService(health, { ...unaryCalls(context, healthCalls), Watch: watchHealth(context) });
  const { host = "127.0.0.1" } = options;
  const port = await bind(server, { credentials: credentialsOf(grpc, options.tls), host, port: options.port });
  return {
    address: `${hostText(host)}:${port}`,
    port,
    close: async () => {
      closing.abort();
      await shutDown(server, running);
    },
  };
}

function unaryCalls(
  context: GrpcContext,
  calls: Record<string, (request: any, call: Call) => unknown>,
): Grpc.UntypedServiceImplementation {
  return Object.fromEntries(Object.entries(calls).map(([name, answer]) => [name, unary(context, answer)]));
}

const hostText = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens there",
  EACCES: "this user may not",
  EADDRNOTAVAIL: "this machine has no such address",
};

function credentialsOf({ ServerCredentials }: typeof Grpc, tls: TlsFiles | undefined): Grpc.ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(tls.ca ?? null, [{ cert_chain: tls.cert, private_key: tls.key }], tls.rejectUnauthorized);
}

interface Place {
  host: string;
  port: number;
  credentials: Grpc.ServerCredentials;
}

function bind(server: Grpc.Server, { credentials, host, port }: Place): Promise<number> {
  return new Promise((done, fail) => {
    server.bindAsync(`${hostText(host)}:${port}`, credentials, (error, bound) => {
      if (error === null) return done(bound);
      const code = /\bE[A-Z]{4,}\b/.exec(error.message)?.[0] ?? "";
      const reason = reasons[code] ?? "nothing is known by this name";
      fail(httpErrors.HTTP_CANNOT_LISTEN({ host, port, reason, option: "--grpc-port" }));
    });
  });
}

async function shutDown(server: Grpc.Server, running: RunningCalls): Promise<void> {
  const shut = new Promise<void>((done) => server.tryShutdown(() => done()));
  const quiet = new AbortController();
  const { signal } = quiet;
  const cut = Promise.race([sleep(GRACE, undefined, { ref: false, signal }), running.quietFor(LINGER, signal)]);
  void cut.then(() => server.forceShutdown()).catch(() => {});
  await shut;
  quiet.abort();
}
