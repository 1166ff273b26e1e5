import type { TestContext } from "node:test";
import { createServer, Resolver, setCurrentResolver, type UrlPattern } from "cortado/http";
import { Engine } from "cortado/templates";
import { errorPage, explainError, viewsApp } from "cortado/views";
import type { FastifyInstance } from "fastify";

type Options = NonNullable<Parameters<typeof createServer>[0]>;
type Settings = Options["services"]["settings"];

/** A server over these addresses and templates, with Cortado's error pages, closed when the test ends. */
export async function openSite(
  t: TestContext,
  urls: readonly UrlPattern[],
  {
    templates = {},
    debug = false,
    apps = [],
    settings: own = {},
    ...options
  }: {
    templates?: Record<string, string>;
    debug?: boolean;
    apps?: Settings["apps"];
    settings?: Partial<Settings>;
  } & Partial<Options> = {},
): Promise<FastifyInstance> {
  const settings = { apps, secretKey: "a secret key that is long enough for tests", debug, mode: "test", root: import.meta.dirname, urls, allowedHosts: ["localhost"], ...own }; // prettier-ignore
  const resolver = new Resolver(urls);
  setCurrentResolver(resolver);
  const engine = new Engine({ templates, directories: [viewsApp.templates!], debug });
  const services = { settings, resolver, templates: engine } as unknown as Options["services"];
  const server = await createServer({
    errorPage,
    explainError,
    static: { prefix: "/static/", directories: [viewsApp.staticFiles!] },
    ...options,
    services,
  });
  t.after(() => server.close());
  return server;
}
