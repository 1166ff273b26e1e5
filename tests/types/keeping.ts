/** What caches, sessions, messages and signers know of their values. `npx tsc` is the test: nothing here runs. */
import { defineProject, type HttpRequest, path } from "cortado";
import { cache, type CacheBackend, MemoryCache, openCache } from "cortado/cache";
import { gettextLazy } from "cortado/i18n";
import { loads, Signer, TimestampSigner } from "cortado/signing";
import { safe } from "cortado/templates";
import { cachePage, cacheSite } from "cortado/views";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {}

export async function values(backend: CacheBackend) {
  const number = await cache().get<number>("n");
  expectType<Equal<typeof number, number | undefined>>();
  const orNull = await cache().get<number, null>("n", { default: null });
  expectType<Equal<typeof orNull, number | null>>();
  const orZero = await cache().get<number>("n", { default: 0 });
  expectType<Equal<typeof orZero, number>>();
  const unknown = await cache().get("n");
  expectType<Equal<typeof unknown, unknown>>();
  const made = await cache("pages").getOrSet("menu", async () => ({ drinks: ["latte"] }), { timeout: null, refreshAhead: 5 });
  expectType<Equal<typeof made, { drinks: string[] }>>();
  const many = await new MemoryCache({ maxBytes: 1000 }).getMany<string>(["a"]);
  expectType<Equal<typeof many, Map<string, string>>>();
  const sum = await openCache({ backend }, { root: "." }).increment("n", 2, { initial: 0 });
  expectType<Equal<typeof sum, number>>();
  // @ts-expect-error -- a time-out is a number of seconds
  await cache().set("a", 1, { timeout: "5m" });
}

export function visits(request: HttpRequest) {
  const cart = request.session.get<number[]>("cart");
  expectType<Equal<typeof cart, number[] | undefined>>();
  request.session.setExpiry(new Date());
  // @ts-expect-error -- neither a number, a moment nor null
  request.session.setExpiry("tomorrow");
  request.messages.add("critical", gettextLazy("Late."), { extraTags: "wide" });
  request.messages.success(safe("<b>Done</b>"));
  // @ts-expect-error -- a message is a text
  request.messages.info(3);
}

export function signed(text: string) {
  const order = loads<{ id: number }>(text, { maxAge: 60 });
  expectType<Equal<typeof order, { id: number }>>();
  // @ts-expect-error -- a plain signature has no time
  new Signer().unsign(text, { maxAge: 60 });
  return new TimestampSigner().unsign(text, { maxAge: 60 });
}

const latte = (_request: HttpRequest, { id }: { id: number }) => `${id}`;
export const urls = [
  path("coffee/<int:id>/", cachePage(latte, 60)),
  // @ts-expect-error -- the pattern gives a text where the view wants a number
  path("coffee/<slug:id>/", cachePage(latte, 60)),
];

export const project = defineProject({
  apps: [],
  secretKey: "development only",
  secretKeyFallbacks: ["older"],
  caches: { default: { backend: ["redis://a", "redis://b"], prefix: "shop", timeout: null } },
  session: { store: "cached-database", cache: "default", expireAtBrowserClose: true },
  messages: { level: "warning", levels: { critical: 50 }, tags: { critical: "danger" } },
  middleware: [cacheSite({ seconds: 60, shared: true })],
  // @ts-expect-error -- no such store
  csrf: { useSessions: true, store: "cookie" },
});
