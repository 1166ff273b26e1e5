import assert from "node:assert/strict";
import { test } from "node:test";
import { CSP, httpDeployChecks } from "cortado/http";

const security = {
  sslRedirect: true,
  hstsSeconds: 3600,
  hstsIncludeSubdomains: true,
  csp: { "default-src": [CSP.self] },
};
const safe = {
  secretKey: "0123456789abcdefghijklmnopqrstuv",
  allowedHosts: ["cafe.example"],
  trustProxy: ["10.0.0.1"],
  security,
};

/** What the checks say of settings that differ from safe ones. */
async function deploy(settings: object): Promise<[code: string, message: string, hint: string | undefined][]> {
  const found = await httpDeployChecks({ apps: [], debug: false, mode: "production", root: "/", ...safe, ...settings } as never);
  assert.ok(found.every(({ level }) => level === "warning"));
  return found.map(({ code, message, hint }) => [code, message, hint]);
}

test("a safe project has nothing to mend before it is deployed", async () => {
  assert.deepEqual(await deploy({}), []);
});

test("a key that can be guessed is found before a deployment", async () => {
  const hint = "Use a long random one: node -p \"crypto.randomBytes(32).toString('hex')\"";
  for (const secretKey of ["x".repeat(64), "dev-only-0123456789abcdefghijklmno", "django-insecure-0123456789abcdefghijklmno"])
    assert.deepEqual(await deploy({ secretKey }), [
      ["HTTP_CHECK_GUESSABLE_SECRET", "The setting secretKey can be guessed.", hint],
    ]);
  assert.deepEqual(await deploy({ secretKeyFallbacks: ["change-me"] }), [
    ["HTTP_CHECK_GUESSABLE_SECRET", "The setting secretKeyFallbacks can be guessed.", hint],
  ]);
});

test("a deployment trusts no one by accident", async () => {
  assert.deepEqual(await deploy({ allowedHosts: ["localhost", "127.0.0.1", "[::1]"] }), [
    [
      "HTTP_CHECK_LOCAL_HOSTS",
      "Only this machine's own names are allowed hosts, so every visitor is refused.",
      'Name the site: allowedHosts: ["example.com"].',
    ],
  ]);
  assert.deepEqual(await deploy({ trustProxy: true }), [
    [
      "HTTP_CHECK_ANY_PROXY",
      "X-Forwarded-* is believed from everyone who reaches this process.",
      'Name the proxies: trustProxy: ["10.0.0.0/8"].',
    ],
  ]);
  assert.deepEqual(await deploy({ trustProxy: false }), [
    [
      "HTTP_CHECK_REDIRECT_LOOP",
      "Requests are sent to https, and no proxy is believed that says when they came by it: they go in a circle.",
      'Name the proxy that ends TLS: trustProxy: ["127.0.0.1"].',
    ],
  ]);
  const trustedOrigins = ["https://shop.example", "http://old.example"];
  assert.deepEqual(await deploy({ security: { ...security, trustedOrigins } }), [
    [
      "HTTP_CHECK_PLAIN_ORIGIN",
      "The origin http://old.example is trusted, and whoever is on the way can speak for it.",
      "Trust it over https, or take it out of security.trustedOrigins.",
    ],
  ]);
});

test("a session's cookie that is given away is found before a deployment", async () => {
  const session = { secure: false, httpOnly: false, sameSite: "none" };
  const cookie = (setting: string, risk: string) => [
    "HTTP_CHECK_OPEN_COOKIE",
    `With ${setting}, the session's cookie ${risk}.`,
    `Leave out ${setting.split(":")[0]}.`,
  ];
  assert.deepEqual(await deploy({ session }), [
    cookie("session.secure: false", "is sent over http, too"),
    cookie("session.httpOnly: false", "can be read by scripts"),
    cookie("session.sameSite: none", "goes along with what other sites ask"),
  ]);
});

test("headers that are switched off are found before a deployment", async () => {
  const off = { ...security, frameOptions: false, referrerPolicy: false, openerPolicy: false, hstsIncludeSubdomains: false };
  const header = (setting: string, name: string) => [
    "HTTP_CHECK_NO_HEADER",
    `The header ${name} is not sent.`,
    `Leave out security.${setting}; a view that needs another sets it itself.`,
  ];
  assert.deepEqual(await deploy({ security: off }), [
    header("frameOptions", "X-Frame-Options"),
    header("referrerPolicy", "Referrer-Policy"),
    header("openerPolicy", "Cross-Origin-Opener-Policy"),
    [
      "HTTP_CHECK_HSTS_SUBDOMAINS",
      "Browsers are told to stay on https for this host, and not for its subdomains.",
      "Where all of them have https: security: { hstsIncludeSubdomains: true }.",
    ],
  ]);
});

test("a policy that lets any script run is found before a deployment", async () => {
  assert.deepEqual(await deploy({ security: { ...security, csp: undefined } }), [
    [
      "HTTP_CHECK_NO_CSP",
      "Pages have no Content-Security-Policy: a script that gets into one runs.",
      'Set security: { csp: { "default-src": [CSP.self] } }, first as cspReportOnly.',
    ],
  ]);
  const open: [csp: object, words: string][] = [
    [{ "default-src": [CSP.self, CSP.unsafeInline] }, "'unsafe-inline'"],
    [{ "default-src": CSP.self, "script-src": "'self' https: 'unsafe-eval'" }, "https:, 'unsafe-eval'"],
    [{ "img-src": [CSP.self] }, "no default-src"],
  ];
  for (const [csp, words] of open)
    assert.deepEqual(await deploy({ security: { ...security, csp } }), [
      [
        "HTTP_CHECK_OPEN_CSP",
        `The Content-Security-Policy does not keep scripts away: ${words}.`,
        'Allow this site and what carries the nonce: "script-src": [CSP.self, CSP.nonce].',
      ],
    ]);
  for (const csp of [{ "default-src": ["*"], "script-src": [CSP.none] }, { "script-src": [CSP.nonce, CSP.unsafeInline] }])
    assert.deepEqual(await deploy({ security: { ...security, csp } }), []);
});
