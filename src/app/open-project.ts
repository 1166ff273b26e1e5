import type { FastifyInstance } from "fastify";
import type { App, ProjectSettings, Services } from "#kernel";
import { loadCatalogues, projectI18n, useI18n } from "#kernel/i18n";
import { useSecretKeys } from "#kernel/signing";
import { apiApp, projectAuthorizer } from "#api";
import {
  createServer,
  listen,
  type Middleware,
  path,
  projectMiddleware,
  readTls,
  Resolver,
  setCurrentResolver,
  type UrlPattern,
} from "#http";
import { openMailers } from "#mail";
import { registerModels } from "#orm";
import { type GrpcServer, protocolUrls, publicOnly, startGrpc } from "#serving";
import { type Storage, useProjectStorages } from "#storage";
import { atomicRequests, errorPage, explainError, mailErrors, projectSessionStore, sessionsApp, viewsApp, welcome } from "#views";
import type { Project } from "./define-project.ts";
import { developerTools } from "./developer-tools.ts";
import { closeDatabases, declaredDatabases, openDatabases } from "./open-databases.ts";
import { openModels } from "./open-models.ts";
import { appsOfCaches, openProjectCaches } from "./open-project-caches.ts";
import { type OpenOptions, openTemplates } from "./open-templates.ts";
import { answerLog, requestLog } from "./request-log.ts";
import { databaseMiddleware, watchSlowQueries } from "./request-queries.ts";

/*
 * How it works. A project is opened in the order of its layers: models are registered under their apps, the database is opened,
 * the resolver and the template engine are made, the model server starts, then every app's `onOpen` runs. Whatever was opened is
 * closed in the opposite order. The HTTP server is made when it is first asked for, so commands that need none pay nothing.
 */

/** A project's models and database. */
export interface OpenTables {
  settings: ProjectSettings;
  services: Services;
  storages: Readonly<Record<string, Storage>>;
  close(): Promise<void>;
}

/** A project that is open: its services, and the server over them. */
export interface OpenProject extends OpenTables {
  /** Where gRPC is spoken since the project listens: `127.0.0.1:8001`. */
  readonly grpcAddress: string | undefined;
  /** The Fastify instance; `inject` asks it without a socket. */
  server(): Promise<FastifyInstance>;
  /** Listens, and answers the address as a URL. Port 0 takes a free one. Where `serving.grpc` says so, gRPC is spoken too. */
  listen(address: { host?: string; port: number }): Promise<string>;
}

/** Registers the models of a project's apps, so that queries and migrations know them, and answers its settings. */
export function registerProject(project: Project): ProjectSettings {
  const settings = { ...project, apps: [sessionsApp, ...appsOfCaches(project), viewsApp, apiApp, ...project.apps] };
  useI18n(projectI18n(settings));
  for (const app of settings.apps) registerModels(app);
  return settings;
}

/** A project with its models and its database, and nothing else: for commands about tables. */
export async function openTables(project: Project): Promise<OpenTables> {
  const settings = registerProject(project);
  const storages = useProjectStorages(settings);
  const closeMailers = openMailers(settings);
  useSecretKeys(settings.secretKey, settings.secretKeyFallbacks);
  const closeProjectCaches = openProjectCaches(settings);
  const databases = await openDatabases(settings);
  const services = { settings, databases } as unknown as Services;
  const close = async () => {
    await closeMailers();
    await closeProjectCaches();
    for (const storage of Object.values(storages)) await storage.close?.();
    await closeDatabases(databases);
  };
  return { settings, services, storages, close };
}

/** Every address of a project, in the order in which they are tried: its own, the protocols that it speaks, in development a welcome. */
export function projectUrls({ urls = [], serving, debug }: ProjectSettings): readonly UrlPattern[] {
  return [...urls, ...protocolUrls(serving?.protocols), ...(debug ? [path("", welcome)] : [])];
}

/** Opens a project whole. Close it when done. */
export async function openProject(project: Project, options: OpenOptions = {}): Promise<OpenProject> {
  const tables = await openTables(project);
  const { settings, services, storages } = tables;
  const closers: (() => Promise<void>)[] = [tables.close];
  let middleware: readonly Middleware[];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const tools = developerTools(settings, services);
    if (tools) closers.push(() => tools.close());
    closers.push(mailErrors(settings));
    for (const storage of Object.values(storages)) await storage.ready?.();
    services.resolver = new Resolver([...(tools?.urls ?? []), ...projectUrls(settings)], { prefix: settings.urlPrefix });
    setCurrentResolver(services.resolver);
    services.templates = openTemplates(settings, options);
    services.models = await openModels(settings, closers);
    if (settings.apps.some((app) => app.name === "auth")) services.authorizer = projectAuthorizer;
    for (const app of settings.apps) await openApp(app, services, closers);
    middleware = tools?.middleware ?? [];
  } catch (error) {
    await close();
    throw error;
  }
  let server: Promise<FastifyInstance> | undefined;
  const start = () => (server ??= openServer(services, middleware, closers));
  let grpc: GrpcServer | undefined;
  return {
    settings,
    services,
    storages,
    server: start,
    listen: async (address) => {
      const url = await listen(await start(), address);
      grpc = await openGrpc(services, address.host);
      // Neither goes on taking requests while the other finishes its own.
      if (grpc) closers.push(async () => void (await Promise.all([grpc!.close(), (await start()).close()])));
      return url;
    },
    get grpcAddress() {
      return grpc?.address;
    },
    close,
  };
}

async function openServer(
  services: Services,
  innermost: readonly Middleware[],
  closers: (() => Promise<void>)[],
): Promise<FastifyInstance> {
  loadCatalogues();
  const { settings, databases } = services;
  const https = settings.tls && { https: readTls(settings.tls, settings.root) };
  const fastify = { logger: requestLog(settings), ...https };
  const atomic = Object.entries(declaredDatabases(settings)).filter(([, { atomicRequests: isAtomic }]) => isAtomic);
  const server = await createServer({
    services,
    sessionStore: projectSessionStore(settings),
    middleware: [...databaseMiddleware(settings), ...projectMiddleware(settings), ...innermost],
    aroundView: atomic.length > 0 ? atomicRequests(atomic.map(([alias]) => databases[alias]!)) : undefined,
    errorPage,
    explainError: settings.debug ? explainError : undefined,
    logAnswer: answerLog(settings),
    fastify,
  });
  const stopWatching = watchSlowQueries(settings);
  closers.push(async () => {
    stopWatching();
    await server.close();
  });
  return server;
}

async function openGrpc(
  { models, authorizer = publicOnly, settings }: Services,
  host: string | undefined,
): Promise<GrpcServer | undefined> {
  if (settings.serving?.grpc === undefined) return undefined;
  const { serverName } = settings.serving;
  const tls = settings.tls && readTls(settings.tls, settings.root);
  const server = await startGrpc(models, { host, ...settings.serving.grpc, tls, serverName, authorizer, log: console });
  return server;
}

async function openApp(app: App, services: Services, closers: (() => Promise<void>)[]): Promise<void> {
  const closer = await app.onOpen?.(services);
  if (closer) closers.push(closer);
}
