import assert from "node:assert/strict";
import { test } from "node:test";
import { type CorsSettings, createServer, json, path, Resolver } from "cortado/http";
import type { ProjectSettings } from "#kernel";

const urls = [path("api/things", () => json({ things: 3 })), path("page", () => "<p>page</p>")];

async function site(cors: CorsSettings) {
  const settings = { apps: [], secretKey: "for tests", debug: false, mode: "test", root: ".", allowedHosts: ["*"], cors };
  return createServer({ services: { settings: settings as unknown as ProjectSettings }, resolver: new Resolver(urls) });
}

const shop = "https://shop.example.com";
const preflight = (origin: string) => ({
  method: "OPTIONS" as const,
  url: "/api/things",
  headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" },
});

test("pages of the sites that are named may read answers, and others may not", async () => {
  const server = await site({ origins: [shop, "https://*.example.org"] });
  const get = async (origin?: string) => (await server.inject({ url: "/api/things", headers: origin ? { origin } : {} })).headers;
  assert.equal((await get(shop))["access-control-allow-origin"], shop);
  assert.equal((await get("https://a.example.org"))["access-control-allow-origin"], "https://a.example.org");
  assert.match(String((await get(shop))["access-control-expose-headers"]), /Cortado-Model/);
  for (const origin of ["https://example.com", "https://evil.com", "https://shop.example.com.evil.com", "null", undefined])
    assert.equal((await get(origin))["access-control-allow-origin"], undefined, origin);
  assert.match(String((await get())["vary"]), /Origin/);
});

test("what a browser asks beforehand is answered without the view", async () => {
  const server = await site({ origins: [shop], credentials: true, maxAge: 60 });
  const { statusCode, headers } = await server.inject(preflight(shop));
  assert.equal(statusCode, 204);
  assert.equal(headers["access-control-allow-origin"], shop);
  assert.equal(headers["access-control-allow-headers"], "authorization,content-type");
  assert.match(String(headers["access-control-allow-methods"]), /POST/);
  assert.deepEqual([headers["access-control-allow-credentials"], headers["access-control-max-age"]], ["true", "60"]);
  assert.equal((await server.inject(preflight("https://evil.com"))).headers["access-control-allow-methods"], undefined);
});

test("every page may read what is open to all, but never with cookies", async () => {
  const server = await site({ origins: "*", credentials: true });
  const { headers } = await server.inject({ url: "/api/things", headers: { origin: "https://anyone.example" } });
  assert.deepEqual([headers["access-control-allow-origin"], headers["access-control-allow-credentials"]], ["*", undefined]);
});

test("addresses that it does not hold for stay closed", async () => {
  const server = await site({ origins: "*", paths: ["/api/"] });
  const { headers } = await server.inject({ url: "/page", headers: { origin: shop } });
  assert.equal(headers["access-control-allow-origin"], undefined);
});
