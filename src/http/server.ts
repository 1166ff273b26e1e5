/*
 * How it works. The server is Fastify's, and everything of it can be used: plugins, hooks and routes registered on the
 * instance before it listens work, and their routes win. Two things are ours: a hook at the very front (is this host
 * served here; the security headers), and one route behind all others that hands each request to the pipeline. That
 * route reads no body by itself, so the parsers that plugins rely on stay Fastify's.
 */
import type { Socket } from "node:net";
import type { ProjectSettings, Services } from "#kernel";
import multipart from "@fastify/multipart";
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from "fastify";
import { hostChecker } from "./allowed-hosts.ts";
import { describeError, type ErrorPage, type ExplainError, plainErrorPage, programErrorPage } from "./error-answer.ts";
import { httpErrors } from "./errors.ts";
import { HttpError } from "./http-error.ts";
import { Pipeline } from "./pipeline.ts";
import type { PrepareRequest } from "./request.ts";
import { requestId } from "./request-id.ts";
import { Resolver } from "./urls/resolver.ts";
import { hstsHeader, securityHeaders } from "./security-headers.ts";
import { openSessionStore } from "./sessions/open-session-store.ts";
import type { SessionStore } from "./sessions/session-store.ts";
import { type HttpSettings, httpSettings, projectMiddleware } from "./settings.ts";
import { serveStaticFiles, type StaticFiles } from "./static/serve-static.ts";
import { projectStatic } from "./static/static-files.ts";
import type { AroundView, Middleware } from "./view.ts";
import type { TlsFiles } from "./tls.ts";
import { acceptUpgrades } from "./websockets/accept-upgrades.ts";

/** What the log says of a request. */
export interface AnsweredRequest {
  reqId: string;
  method: string;
  url: string;
  /** 499 where the client left before its answer began. */
  status: number;
  /** Milliseconds until its last byte. */
  ms: number;
}

/** What a server is made of. */
export interface ServerOptions {
  /** What requests carry. Only its settings are read here; what is left out below comes from them. */
  services: Pick<Services, "settings"> & Partial<Services>;
  resolver?: Resolver | undefined;
  middleware?: readonly Middleware[] | undefined;
  prepareRequest?: readonly PrepareRequest[] | undefined;
  /** Stands around each view alone: a transaction. */
  aroundView?: AroundView | undefined;
  /** That of the setting `session.store`; in memory where it says nothing. */
  sessionStore?: SessionStore | undefined;
  errorPage?: ErrorPage | undefined;
  explainError?: ExplainError | undefined;
  static?: StaticFiles | undefined;
  /** Writes the line of an answered request, in place of the logger; false where none is written. */
  logAnswer?: ((answered: AnsweredRequest) => void) | false | undefined;
  /** Fastify's own options: `{ logger: true }`. */
  fastify?: (FastifyServerOptions & { https?: TlsFiles | undefined }) | undefined;
}

/**
 * Makes the server of a project. It listens when told to; `inject` answers without a socket.
 *
 * ```ts
 * const server = await createServer({ services });
 * const answer = await server.inject("/coffee/");
 * await server.listen({ port: 8000 });
 * ```
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const project: ProjectSettings = options.services.settings;
  const settings = httpSettings(project);
  const closing = new AbortController();
  const resolver =
    options.resolver ?? options.services.resolver ?? new Resolver(project.urls ?? [], { prefix: project.urlPrefix });
  const pipeline = makePipeline(options, { settings, resolver, closing: closing.signal });
  const server = openFastify(settings, options.fastify);
  const sockets = openSockets(server);
  server.addHook("preClose", async () => {
    closing.abort();
    closeAsTheyFinish(server, sockets);
  });
  const { logAnswer, fastify = {} } = options;
  if (logAnswer !== false && (fastify.logger || fastify.loggerInstance)) addRequestLog(server, logAnswer);
  addFrontHook(server, settings);
  server.setErrorHandler((error, request, reply) => void pipeline.handleError(error, request, reply));
  server.setNotFoundHandler((request, reply) => void pipeline.handle(request, reply));
  await serveStaticFiles(server, options.static ?? projectStatic(project), project.mode === "production" ? 3600 : 0);
  await server.register((scope) => addCatchAll(scope, pipeline));
  acceptUpgrades(server, resolver.urls);
  return server;
}

function makePipeline(
  options: ServerOptions,
  parts: { settings: HttpSettings; resolver: Resolver; closing: AbortSignal },
): Pipeline {
  const project = options.services.settings;
  return new Pipeline({
    ...parts,
    services: { ...options.services, resolver: parts.resolver } as Services,
    sessionStore: options.sessionStore ?? openSessionStore(project),
    middleware: options.middleware ?? projectMiddleware(project),
    prepareRequest: options.prepareRequest ?? project.apps.flatMap((app) => app.prepareRequest ?? []),
    aroundView: options.aroundView,
    errorPage: options.errorPage ?? plainErrorPage,
    explainError: options.explainError,
  });
}

/** In milliseconds, from a request's first byte to its last: Node's own limit, which Fastify lifts. */
const slowestRequest = 300_000;

function openFastify(settings: HttpSettings, options: FastifyServerOptions = {}): FastifyInstance {
  return Fastify({
    trustProxy: settings.trustProxy,
    requestTimeout: slowestRequest,
    forceCloseConnections: "idle",
    // A request on a connection that is still kept is answered as any other; Fastify makes it the last there.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request is made when a view asks for it: most do not.
    childLoggerFactory: (logger) => logger,
    exposeHeadRoutes: false,
    frameworkErrors: refuseMalformed,
    ...options,
  }) as unknown as FastifyInstance;
}

/** Answers what Fastify cannot even route, such as a broken percent escape. */
function refuseMalformed(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = describeError(HttpError.from(400, httpErrors.HTTP_BAD_PATH()), false);
  const { status, headers, body } = programErrorPage(request, { ...problem, error });
  reply
    .code(status)
    .headers(headers as Record<string, string>)
    .send(body);
}

/**
 * Node closes the connections that are idle when the server begins to close; those that fall idle later, and those that a
 * browser opened and never used, would be waited for.
 */
function closeAsTheyFinish({ server }: FastifyInstance, unused: ReadonlySet<Socket>): void {
  const close = (): void => {
    server.closeIdleConnections();
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
  };
  const timer = setInterval(close, 50).unref();
  server.once("close", () => clearInterval(timer));
}

function openSockets({ server }: FastifyInstance): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => void sockets.delete(socket));
  });
  return sockets;
}

/** What the log says of a client that left before its answer began, as proxies do. */
const CLIENT_LEFT = 499;

/** One line a request, in place of Fastify's two. It comes when the answer is out, or the client has left. */
function addRequestLog(server: FastifyInstance, write: ((answered: AnsweredRequest) => void) | undefined): void {
  server.addHook("onRequest", (request, reply, done) => {
    const { raw } = reply;
    raw.on("close", () => {
      const { id: reqId, method, url } = request;
      // Who takes the connection over, as a WebSocket does, writes the head without Node.
      const hasBegun = raw.headersSent || reply.sent;
      const status = hasBegun ? raw.statusCode : CLIENT_LEFT;
      const answered = { reqId, method, url, status, ms: Math.round(reply.elapsedTime) };
      if (write === undefined) request.log.info(answered, "answered");
      else write(answered);
    });
    done();
  });
}

/** Before anything else, for plugins' routes and static files too. */
function addFrontHook(server: FastifyInstance, settings: HttpSettings): void {
  const headers = securityHeaders(settings.security);
  const hsts = hstsHeader(settings.security);
  const isAllowed = hostChecker(settings.allowedHosts, settings.debug);
  server.addHook("onRequest", (request, reply, done) => {
    reply.headers(headers);
    // Both sides then speak of the request by the same name.
    if (request.raw.headers["x-request-id"] !== undefined) reply.header("x-request-id", request.id);
    const host = request.host;
    if (!isAllowed(host)) return done(HttpError.from(400, httpErrors.HTTP_BAD_HOST({ host, debug: settings.debug })));
    if (request.protocol === "https") {
      if (hsts !== undefined) reply.header("strict-transport-security", hsts);
    } else if (settings.security.sslRedirect && request.raw.url!.startsWith("/")) {
      return void reply.redirect(`https://${host}${request.raw.url}`, 301);
    }
    done();
  });
}

/**
 * Gives requests the plugin's reader of multipart bodies, without its hooks: they remove files that it saved itself, which is
 * not asked of it here, and would cost every request four promises and a listener.
 */
function addMultipartReader(scope: FastifyInstance): Promise<void> {
  const withoutHooks: FastifyInstance = Object.create(scope, { addHook: { value: () => withoutHooks } });
  return new Promise((resolve, reject) =>
    multipart(withoutHooks, { throwFileSizeLimit: true }, (error) => (error === undefined ? resolve() : reject(error))),
  );
}

async function addCatchAll(scope: FastifyInstance, pipeline: Pipeline): Promise<void> {
  scope.removeAllContentTypeParsers();
  await addMultipartReader(scope);
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
  scope.route({
    method: scope.supportedMethods,
    url: "*",
    bodyLimit: Number.MAX_SAFE_INTEGER,
    handler(request, reply) {
      // Not returned: Fastify would await the reply, which costs more than the rest of this route.
      void pipeline.handle(request, reply);
    },
  });
}
