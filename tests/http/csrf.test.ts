import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfExempt, csrfOnlyWithSession, type HttpRequest, json, path } from "cortado/http";
import { cookiesOf, multipart, openSite } from "./open-site.ts";

const urls = [
  path("form/", (request: HttpRequest) => (request.method === "GET" ? request.csrfToken : "done")),
  path(
    "exempt/",
    csrfExempt(() => "done"),
  ),
  path(
    "api/",
    csrfOnlyWithSession(() => json({ done: true })),
  ),
  path("plain/", () => "x"),
];
const formType = { "content-type": "application/x-www-form-urlencoded" };

async function openForm(t: Parameters<typeof openSite>[0], settings = {}) {
  const site = await openSite(t, urls, { settings });
  const page = await site.inject("/form/");
  return { site, token: page.body, cookies: cookiesOf(page), page };
}

function reasonOf(answer: { json(): { error: { message: string } } }): string {
  return answer
    .json()
    .error.message.replace("The request was refused because it does not prove where it comes from (CSRF): ", "");
}

test("a form with its token and its cookie is taken, however the token comes", async (t) => {
  const { site, token, cookies } = await openForm(t);
  const post = (options: object) => site.inject({ method: "POST", url: "/form/", cookies, ...options });
  assert.equal((await post({ headers: { "x-csrftoken": token } })).body, "done");
  assert.equal((await post({ headers: { "x-csrftoken": cookies["csrftoken"] } })).body, "done");
  assert.equal((await post({ headers: formType, payload: `csrfmiddlewaretoken=${token}` })).body, "done");
  assert.equal((await post(multipart({ csrfmiddlewaretoken: token }))).body, "done");
});

test("each page carries the secret under another mask", async (t) => {
  const { site, token, cookies } = await openForm(t);
  const again = await site.inject({ url: "/form/", cookies });
  assert.notEqual(again.body, token);
  assert.equal(cookiesOf(again)["csrftoken"], cookies["csrftoken"]);
});

test("a page that asks for no token sets no cookie", async (t) => {
  const { site, page } = await openForm(t);
  assert.equal((await site.inject("/plain/")).headers["set-cookie"], undefined);
  assert.match(String(page.headers["set-cookie"]), /^csrftoken=\w{32}; Path=\/; Max-Age=31449600; SameSite=Lax$/);
  assert.equal(page.headers["vary"], "Cookie");
});

test("an unsafe request that proves nothing is refused, and says why", async (t) => {
  const { site, token, cookies } = await openForm(t);
  const post = (options: object) =>
    site.inject({
      method: "POST",
      url: "/form/",
      ...options,
      headers: { accept: "application/json", ...(options as { headers?: object }).headers },
    });
  const cases: [object, string][] = [
    [{}, "the cookie csrftoken is missing."],
    [{ headers: { "x-csrftoken": token } }, "the cookie csrftoken is missing."],
    [{ cookies: { csrftoken: "short" } }, "the cookie csrftoken is missing."],
    [{ cookies }, "it carries no token."],
    [{ cookies, headers: formType, payload: "a=b" }, "it carries no token."],
    [{ cookies, headers: { "x-csrftoken": "!!" } }, "its token has the wrong form."],
    [{ cookies, headers: { "x-csrftoken": "a".repeat(64) } }, "its token is not the one of this browser."],
    [
      { cookies, headers: { "x-csrftoken": token, origin: "https://evil.example" } },
      "the origin https://evil.example is not trusted.",
    ],
    [{ cookies, headers: { "x-csrftoken": token, origin: "null" } }, "the origin null is not trusted."],
  ];
  for (const [options, reason] of cases) {
    const answer = await post(options);
    assert.equal(answer.statusCode, 403, reason);
    assert.equal(reasonOf(answer), reason);
    assert.equal(answer.json().error.code, "HTTP_CSRF_FAILED");
    assert.equal(
      answer.json().error.hint,
      "Put {% csrf_token %} into the form, or send the token in the header X-CSRFToken; reload the page if it was open for long.",
    );
  }
});

test("every unsafe method is verified", async (t) => {
  const { site } = await openForm(t);
  for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const)
    assert.equal((await site.inject({ method, url: "/form/" })).statusCode, 403);
});

test("trusted origins may send forms, with subdomains where a star says so", async (t) => {
  const { site, token, cookies } = await openForm(t, {
    security: { trustedOrigins: ["https://pay.example", "https://*.cafe.example"] },
  });
  const post = async (origin: string) =>
    (await site.inject({ method: "POST", url: "/form/", cookies, headers: { "x-csrftoken": token, origin } })).statusCode;
  assert.equal(await post("http://localhost"), 200);
  assert.equal(await post("https://pay.example"), 200);
  assert.equal(await post("https://a.cafe.example"), 200);
  assert.equal(await post("https://cafe.example"), 403);
  assert.equal(await post("https://evilcafe.example"), 403);
  assert.equal(await post("http://a.cafe.example"), 403);
});

test("over https a request names where it comes from", async (t) => {
  const { site, token, cookies } = await openForm(t, { trustProxy: true });
  const post = (headers: object) =>
    site.inject({
      method: "POST",
      url: "/form/",
      cookies,
      headers: { "x-csrftoken": token, "x-forwarded-proto": "https", accept: "application/json", ...headers },
    });
  assert.equal(reasonOf(await post({})), "it came over https and names neither an origin nor a referer.");
  assert.equal(
    reasonOf(await post({ referer: "https://evil.example/" })),
    "the referer's origin https://evil.example is not trusted.",
  );
  assert.equal(
    reasonOf(await post({ referer: "http://localhost:80/" })),
    "the referer's origin http://localhost is not trusted.",
  );
  assert.equal((await post({ referer: "https://localhost:80/form/" })).statusCode, 200);
});

test("an exempt view is not verified, an API view only where a session came without credentials of its own", async (t) => {
  const { site } = await openForm(t);
  assert.equal((await site.inject({ method: "POST", url: "/exempt/" })).statusCode, 200);
  assert.equal((await site.inject({ method: "POST", url: "/api/" })).statusCode, 200);
  const session = { sessionid: "anything" };
  assert.equal((await site.inject({ method: "POST", url: "/api/", cookies: session })).statusCode, 403);
  const bearer = { authorization: "Bearer x" };
  assert.equal((await site.inject({ method: "POST", url: "/api/", cookies: session, headers: bearer })).statusCode, 200);
  // A browser sends these by itself: behind a proxy that asks for a password, another site's form has them too.
  for (const authorization of ["Basic YTpi", "Negotiate YTpi", "digest username=a"])
    assert.equal(
      (await site.inject({ method: "POST", url: "/api/", cookies: session, headers: { authorization } })).statusCode,
      403,
    );
});

test("the secret is kept in the session where the settings say so", async (t) => {
  const site = await openSite(
    t,
    [
      path("form/", (request: HttpRequest) => request.csrfToken),
      path("post/", () => "taken"),
      path("login/", (request: HttpRequest) => {
        request.session.cycleKey();
        request.rotateCsrfToken();
        return "in";
      }),
    ],
    { settings: { csrf: { useSessions: true } } },
  );
  const page = await site.inject("/form/");
  const cookies = cookiesOf(page);
  assert.deepEqual(Object.keys(cookies), ["sessionid"]);
  const post = (url: string, token: string, sent: Record<string, string> = cookies) =>
    site.inject({ method: "POST", url, cookies: sent, headers: { "x-csrftoken": token } });
  assert.equal((await post("/post/", page.body)).body, "taken");
  const stranger = await post("/post/", page.body, { csrftoken: page.body.slice(0, 32) });
  assert.deepEqual([stranger.statusCode, /the session holds no token/.test(stranger.body)], [403, true]);
  assert.equal((await site.inject({ url: "/form/", cookies })).headers["set-cookie"], undefined);
  const after = cookiesOf(await post("/login/", page.body));
  assert.equal((await post("/post/", page.body, after)).statusCode, 403);
  const anew = await site.inject({ url: "/form/", cookies: after });
  assert.equal((await post("/post/", anew.body, after)).body, "taken");
});
