import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { didYouMean, type ProjectSettings, type Services } from "#kernel";
import {
  createServer,
  include,
  listen,
  path,
  programErrorPage,
  readTls,
  Resolver,
  setCurrentResolver,
  type TlsFiles,
  type UrlPattern,
} from "#http";
import { loadGrpc } from "../backends/grpc/grpc-packages.ts";
import { startGrpc } from "../backends/grpc/start-grpc.ts";
import { requireOnnxRuntime } from "../backends/onnx/onnxruntime.ts";
import { requireProviders } from "../backends/onnx/require-providers.ts";
import { servingErrors } from "../errors.ts";
import type { ModelServer } from "../models/model-server.ts";
import type { Authorizer } from "../protocols/access.ts";
import { modelUrls } from "../protocols/model-urls.ts";
import { protocolUrls, servedProtocols } from "../protocols/protocol-urls.ts";
import { MODEL_FILE } from "../repositories/version-folders.ts";
import { checkedOrigins } from "./checked-origins.ts";
import { doubledModels, overlookedFolders } from "./overlooked-folders.ts";
import { failureLog } from "./failure-log.ts";
import { projectOnlyViews } from "./project-only.ts";
import { openServedPlaces } from "./open-places.ts";
import type { ServedPages, ServeOptions } from "./serve-options.ts";
import { type ServedPlaces, servedPlaces } from "./served-places.ts";
import { tokenAuthorizer } from "./tokens.ts";
import { welcomeView } from "./welcome-view.ts";

/** A folder of models being served. */
export interface ServedDirectory {
  url: string;
  /** Where gRPC is spoken, where it is: `127.0.0.1:8001`. */
  grpc?: string;
  models: ModelServer;
  /**
   * What lies in the folders and is no model, or is in several of them, each in a sentence that says what it lacks or which
   * counts; and the models that were to be loaded and are not there.
   */
  notices: string[];
  close(): Promise<void>;
}

/**
 * Serves folders of models over HTTP, without a project or a database: what `cortado serve DIR` does. A folder may lie elsewhere:
 * `s3://bucket/models`, `github:owner/repository#models`, `https://example.com/digits.zip`.
 *
 * ```ts
 * const server = await serveDirectory("models", { port: 8080 });
 * ```
 * @throws SERVING_NO_DIRECTORY, SERVING_BAD_OPTION, SERVING_BAD_SOURCE, SERVING_SOURCE_NOT_ALLOWED, SERVING_SOURCE_UNREACHED, SERVING_OPEN_ADDRESS, SERVING_BAD_TOKEN_FILE, SERVING_BAD_ORIGIN, HTTP_CANNOT_LISTEN, KERNEL_MISSING_PACKAGE, SERVING_MISSING_PROVIDER
 */
export async function serveDirectory(places: string | readonly string[], options: ServeOptions = {}): Promise<ServedDirectory> {
  const { host = "127.0.0.1", port = 8080, grpcPort, keepTrying = false, serverName, log = console } = options;
  const served = servedPlaces([places].flat(), options.sources?.cache);
  const access = accessOf(options, host);
  const tls = options.tls && readTls(options.tls);
  if (grpcPort !== undefined) await loadGrpc();

  const models = openServedPlaces(served, { ...options, access: access.openPredict ? "public" : "permission", log });
  options.signal?.addEventListener("abort", () => models.drain(), { once: true });
  const closers: (() => Promise<void>)[] = [() => models.close()];
  const close = async () => {
    const [closeModels, ...others] = closers.splice(0);
    await Promise.all(others.map((closer) => closer()));
    await closeModels?.();
  };
  try {
    await within(options.signal, requireProviders(options.onnx, models.hosts));
    await within(options.signal, models.start({ needsSources: !keepTrying }));
    if (holdsOnnx(models)) await requireOnnxRuntime();
    const server = await openServer({ served, models, access, tls, options });
    closers.push(() => server.close());
    const grpc =
      grpcPort === undefined
        ? undefined
        : await startGrpc(models, { host, port: grpcPort, tls, authorizer: access.authorizer, serverName, log });
    if (grpc) closers.push(() => grpc.close());
    const { directories } = served;
    const notices = [
      ...directories.flatMap((directory) => overlookedFolders(directory)),
      ...doubledModels(directories),
      ...unknownModels(models, options.load),
    ];
    return { url: await listen(server, { host, port }), ...(grpc && { grpc: grpc.address }), models, notices, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function unknownModels(models: ModelServer, load: readonly string[] = []): string[] {
  const names = models.list().map(({ name }) => name);
  const unknown = load.filter((name) => name !== "*" && !names.includes(name));
  const known = names.length > 0 ? `There are: ${names.join(", ")}.` : "There are none.";
  return unknown.map((name) => `There is no model "${name}" to be loaded. ${didYouMean(name, names) ?? known}`);
}

/** True where the folder of some version has an ONNX file; what is not fetched yet says when it is loaded what it lacks. */
function holdsOnnx(models: ModelServer): boolean {
  const folders = models.list().flatMap(({ name, versions }) => versions.map((version) => models.find(name, version)));
  return folders.some(({ source }) => existsSync(join(source.directory, MODEL_FILE)));
}

/** Who may come. */
interface Access {
  authorizer: Authorizer;
  loopback: boolean;
  openPredict: boolean;
}

/** @throws SERVING_OPEN_ADDRESS, SERVING_BAD_TOKEN_FILE, SERVING_BAD_ORIGIN */
function accessOf({ tokenFile, open = false, cors = [] }: ServeOptions, host: string): Access {
  const loopback = isLoopback(host);
  if (!loopback && tokenFile === undefined && !open) throw servingErrors.SERVING_OPEN_ADDRESS({ host });
  const openPredict = open || (loopback && tokenFile === undefined);
  const origins = checkedOrigins(cors);
  return {
    authorizer: tokenAuthorizer({ tokenFile, openPredict, ownPagesOnly: loopback && !open, origins }),
    loopback,
    openPredict,
  };
}

/** @throws the signal's reason, where it comes first */
async function within(signal: AbortSignal | undefined, work: Promise<void>): Promise<void> {
  if (signal === undefined) return work;
  const ended = once(signal, "abort").then(() => signal.throwIfAborted());
  work.catch(() => {});
  signal.throwIfAborted();
  await Promise.race([work, ended]);
}

interface ServerParts {
  served: ServedPlaces;
  models: ModelServer;
  access: Access;
  tls: TlsFiles | undefined;
  options: ServeOptions;
}

function openServer({ served, models, access, tls, options }: ServerParts): Promise<FastifyInstance> {
  const { log = console, logAnswer } = options;
  const settings = serveSettings(served.directories[0] ?? served.cache, access.loopback, options);
  const pages = options.pages?.(access.authorizer);
  const resolver = new Resolver(serveUrls(access.authorizer, pages));
  setCurrentResolver(resolver);
  const services = { ...pages?.services, settings, models, resolver, authorizer: access.authorizer } as Services;
  return createServer({
    services,
    resolver,
    errorPage: programErrorPage,
    static: pages?.static ?? { prefix: "/static/", directories: [] },
    logAnswer: logAnswer ?? false,
    fastify: { logger: failureLog(log), ...(tls && { https: tls }) },
  });
}

/** `/`, `/api`, and the protocols whose clients may come. */
function serveUrls(authorizer: Authorizer, pages: ServedPages | undefined): UrlPattern[] {
  return [
    path("", welcomeView),
    ...(pages?.urls ?? []),
    path("api/", include(modelUrls({ authorizer, views: projectOnlyViews(authorizer) }))),
    ...protocolUrls(servedProtocols, { authorizer }),
  ];
}

/** On loopback only this machine's own names are answered for, so that no web page can reach in by a name of its own. */
function serveSettings(root: string, loopback: boolean, { serverName, cors = [] }: ServeOptions): ProjectSettings {
  const settings: Partial<ProjectSettings> = {
    apps: [],
    secretKey: randomBytes(32).toString("hex"),
    debug: false,
    mode: "production",
    root,
    allowedHosts: loopback ? ["localhost", "127.0.0.1", "[::1]"] : ["*"],
    appendSlash: false,
    ...(cors.length > 0 && { cors: { origins: cors } }),
    serving: { serverName },
  };
  // What the layers above add to the settings is read by them alone, and none of them is here.
  return settings as ProjectSettings;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
