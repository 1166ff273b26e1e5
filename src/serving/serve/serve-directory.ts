import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import type { ProjectSettings, Services } from "#kernel";
import {
  createServer,
  include,
  listen,
  path,
  readTls,
  Resolver,
  setCurrentResolver,
  type TlsSettings,
  type UrlPattern,
} from "#http";
import { type GrpcServer, startGrpc } from "../backends/grpc/start-grpc.ts";
import { requireOnnxRuntime } from "../backends/onnx/onnxruntime.ts";
import type { OnnxOptions } from "../backends/onnx/onnx-options.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import { servingErrors } from "../errors.ts";
import type { LoadingOptions } from "../models/loading-options.ts";
import type { ModelServer } from "../models/model-server.ts";
import type { Authorizer } from "../protocols/access.ts";
import { modelUrls } from "../protocols/model-urls.ts";
import { protocolUrls, servedProtocols } from "../protocols/protocol-urls.ts";
import type { PayloadSettings } from "../operations/payload-settings.ts";
import type { SourceSettings } from "../repositories/source-settings.ts";
import { overlookedFolders } from "./overlooked-folders.ts";
import { failureLog } from "./failure-log.ts";
import { projectOnlyViews } from "./project-only.ts";
import { openServedPlaces } from "./open-places.ts";
import { servedPlaces } from "./served-places.ts";
import { tokenAuthorizer } from "./tokens.ts";
import { welcomeView } from "./welcome-view.ts";

export interface ServeOptions extends LoadingOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** The port of gRPC, 0 for a free one. Default: gRPC is not spoken. */
  grpcPort?: number | undefined;
  /** How the server calls itself on `/v2` and over gRPC. Default `"cortado"`; some clients of Triton look for `"triton"`. */
  serverName?: string | undefined;
  /** Speaks https, and gRPC over TLS, by these files. */
  tls?: TlsSettings | undefined;
  /** A file of bearer tokens. */
  tokenFile?: string | undefined;
  /** Lets everyone predict, on an address other than loopback. */
  open?: boolean;
  /** How ONNX models are run. */
  onnx?: OnnxOptions | undefined;
  /** The processes in which models run. */
  hosts?: HostSettings | undefined;
  /** How models come from elsewhere. Downloads are kept in the user's cache folder unless it says where. */
  sources?: SourceSettings | undefined;
  log?: { info(message: string): void; warn(message: string): void };
  /** True to tell OpenTelemetry of every prediction. */
  tracing?: boolean | undefined;
  /** Which predictions are written down, and where. */
  payloads?: PayloadSettings | undefined;
}

/** A folder of models being served. */
export interface ServedDirectory {
  url: string;
  /** Where gRPC is spoken, where it is: `127.0.0.1:8001`. */
  grpc?: string;
  models: ModelServer;
  /** What lies in the folders and is no model, each in a sentence that says what it lacks. */
  overlooked: string[];
  close(): Promise<void>;
}

/**
 * Serves folders of models over HTTP, without a project or a database: what `cortado serve DIR` does. A folder may lie elsewhere:
 * `s3://bucket/models`, `github:owner/repository#models`, `https://example.com/digits.zip`.
 *
 * ```ts
 * const server = await serveDirectory("models", { port: 8080 });
 * ```
 * @throws SERVING_NO_DIRECTORY, SERVING_BAD_SOURCE, SERVING_SOURCE_NOT_ALLOWED, SERVING_OPEN_ADDRESS, SERVING_BAD_TOKEN_FILE, HTTP_CANNOT_LISTEN, KERNEL_MISSING_PACKAGE
 */
export async function serveDirectory(places: string | readonly string[], options: ServeOptions = {}): Promise<ServedDirectory> {
  const { host = "127.0.0.1", port = 8080, grpcPort, tokenFile, open = false } = options;
  const served = servedPlaces([places].flat(), options.sources?.cache);
  const loopback = isLoopback(host);
  if (!loopback && tokenFile === undefined && !open) throw servingErrors.SERVING_OPEN_ADDRESS({ host });
  const openPredict = open || (loopback && tokenFile === undefined);
  const tls = options.tls && readTls(options.tls);
  const authorizer = tokenAuthorizer({ tokenFile, openPredict, ownPagesOnly: loopback && !open });
  await requireOnnxRuntime();

  const { mode, load, loading, memory, versions, sources, tracing, payloads, onnx, hosts, log = console } = options;
  const access = openPredict ? "public" : "permission";
  const models = openServedPlaces(served, {
    mode,
    load,
    loading,
    memory,
    versions,
    sources,
    tracing,
    payloads,
    onnx,
    hosts,
    access,
    log,
  });
  const settings = serveSettings(served.directories[0] ?? served.cache, { loopback, serverName: options.serverName });
  const resolver = new Resolver(serveUrls(authorizer));
  setCurrentResolver(resolver);
  const services: Services = { settings, models, resolver } as Services;
  const fastify = { logger: failureLog(log), ...(tls && { https: tls }) };
  const noFiles = { prefix: "/static/", directories: [] };
  const server = await createServer({ services, resolver, static: noFiles, logAnswer: false, fastify });
  let grpc: GrpcServer | undefined;
  const close = async () => {
    await Promise.all([server.close(), grpc?.close()]);
    await models.close();
  };
  try {
    await models.start();
    if (grpcPort !== undefined)
      grpc = await startGrpc(models, { host, port: grpcPort, tls, authorizer, serverName: options.serverName, log });
    const overlooked = served.directories.flatMap((directory) => overlookedFolders(directory));
    return { url: await listen(server, { host, port }), ...(grpc && { grpc: grpc.address }), models, overlooked, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `/`, `/api`, and the protocols whose clients may come. */
function serveUrls(authorizer: Authorizer): UrlPattern[] {
  return [
    path("", welcomeView),
    path("api/", include(modelUrls({ authorizer, views: projectOnlyViews(authorizer) }))),
    ...protocolUrls(servedProtocols, { authorizer }),
  ];
}

/** On loopback only this machine's own names are answered for, so that no web page can reach in by a name of its own. */
function serveSettings(
  root: string,
  { loopback, serverName }: { loopback: boolean; serverName: string | undefined },
): ProjectSettings {
  const settings: Partial<ProjectSettings> = {
    apps: [],
    secretKey: randomBytes(32).toString("hex"),
    debug: false,
    mode: "production",
    root,
    allowedHosts: loopback ? ["localhost", "127.0.0.1", "[::1]"] : ["*"],
    appendSlash: false,
    serving: { serverName },
  };
  // What the layers above add to the settings is read by them alone, and none of them is here.
  return settings as ProjectSettings;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
