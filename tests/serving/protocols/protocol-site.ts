import { createServer, Resolver, type UrlPattern } from "cortado/http";
import type { ModelServer } from "cortado/serving";

interface Site {
  url: string;
  close(): Promise<void>;
}

/** A site with some addresses and models, and nothing else of a project but further settings of it. */
export async function protocolSite(urls: UrlPattern[], models: ModelServer, further: object = {}): Promise<Site> {
  const resolver = new Resolver(urls);
  const settings = {
    apps: [],
    secretKey: "x".repeat(50),
    debug: false,
    mode: "production",
    root: import.meta.dirname,
    allowedHosts: ["*"],
    appendSlash: false,
    ...further,
  };
  const server = await createServer({
    services: { settings, models, resolver } as any,
    resolver,
    static: { prefix: "/static/", directories: [] },
  });
  await models.start();
  await models.settled();
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    async close() {
      await server.close();
      await models.close();
    },
  };
}
