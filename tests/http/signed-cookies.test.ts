import assert from "node:assert/strict";
import { test } from "node:test";
import { html, type HttpRequest, path } from "cortado/http";
import { cookiesOf, openSite } from "./open-site.ts";

const urls = [
  path("set/", () => html("x").setSignedCookie("cup", "large").setSignedCookie("size", "wide; é=", { salt: "shop", maxAge: 60 })),
  path("get/", (request: HttpRequest) => ({
    cup: request.signedCookie("cup") ?? null,
    salted: request.signedCookie("cup", { salt: "shop" }) ?? null,
    size: request.signedCookie("size", { salt: "shop", maxAge: 60 }) ?? null,
  })),
];
const at = 1_700_000_000_000;

test("a signed cookie comes back as it was set, and as Django sets it", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: at });
  const site = await openSite(t, urls);
  const cookies = cookiesOf(await site.inject("/set/"));
  // What Django's set_signed_cookie makes with this secret key at this moment.
  assert.equal(cookies["cup"], "large:1r31eq:DqR62Nghc3lzg0XcPaxZeRpNl8VEMV6UzwwyFMyH4ls");
  const read = async (sent: Record<string, string>) => (await site.inject({ url: "/get/", cookies: sent })).json();
  assert.deepEqual(await read(cookies), { cup: "large", salted: null, size: "wide; é=" });
  const salted = { cup: "large:1r31eq:Rojv8VBVzKyIa90LxC7arArj83WxMZaanm6JFJ1eG64" };
  assert.deepEqual(await read(salted), { cup: null, salted: "large", size: null });
  t.mock.timers.setTime(at + 61_000);
  assert.deepEqual(await read(cookies), { cup: "large", salted: null, size: null });
});

test("a signed cookie of another name, value or key is none, and one of an older key is", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: at });
  const site = await openSite(t, urls);
  const { cup = "", size = "" } = cookiesOf(await site.inject("/set/"));
  for (const forged of ["", "large", `x${cup}`, `${cup}x`, cup.replace("large", "small"), size, ":::"])
    assert.equal((await site.inject({ url: "/get/", cookies: { cup: forged } })).json().cup, null);
  const secretKey = "another secret key that is long enough";
  const rotated = await openSite(t, urls, {
    settings: { secretKey, secretKeyFallbacks: ["a secret key that is long enough for tests"] },
  });
  assert.equal((await rotated.inject({ url: "/get/", cookies: { cup } })).json().cup, "large");
  const strange = await openSite(t, urls, { settings: { secretKey } });
  assert.equal((await strange.inject({ url: "/get/", cookies: { cup } })).json().cup, null);
});
