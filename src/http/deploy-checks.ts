import { type Check, checkMessage, type CortadoError, type ProjectSettings } from "#kernel";
import { CSP, type CspDirectives } from "./csp.ts";
import { httpErrors } from "./errors.ts";

const localHost = /(^|\.)localhost$|^127\.|^\[::1\]$/;
const sampleKey = /^(dev|development|django-insecure|insecure|secret|change-?me)\b/i;
const openSources: readonly string[] = ["*", "https:", "http:", "data:", CSP.unsafeInline, CSP.unsafeEval];

/** Keys that are long, and known or guessed all the same. */
function* findGuessableKeys({ secretKey, secretKeyFallbacks = [] }: ProjectSettings): Generator<CortadoError> {
  const isGuessable = (key: string) => sampleKey.test(key) || new Set(key).size < 10;
  if (isGuessable(secretKey)) yield httpErrors.HTTP_CHECK_GUESSABLE_SECRET({ setting: "secretKey" });
  if (secretKeyFallbacks.some(isGuessable)) yield httpErrors.HTTP_CHECK_GUESSABLE_SECRET({ setting: "secretKeyFallbacks" });
}

function* findOpenCookies({ session = {} }: ProjectSettings): Generator<CortadoError> {
  const risky = httpErrors.HTTP_CHECK_OPEN_COOKIE;
  if (session.secure === false) yield risky({ setting: "session.secure", given: "false", risk: "is sent over http, too" });
  if (session.httpOnly === false) yield risky({ setting: "session.httpOnly", given: "false", risk: "can be read by scripts" });
  if (session.sameSite === "none")
    yield risky({ setting: "session.sameSite", given: "none", risk: "goes along with what other sites ask" });
}

/** Headers that are sent unless a setting says no. */
function* findMissingHeaders({ security = {} }: ProjectSettings): Generator<CortadoError> {
  const headers = {
    frameOptions: "X-Frame-Options",
    referrerPolicy: "Referrer-Policy",
    openerPolicy: "Cross-Origin-Opener-Policy",
  } as const;
  for (const [setting, header] of Object.entries(headers))
    if (security[setting as keyof typeof headers] === false) yield httpErrors.HTTP_CHECK_NO_HEADER({ setting, header });
  if (security.hstsSeconds && !security.hstsIncludeSubdomains) yield httpErrors.HTTP_CHECK_HSTS_SUBDOMAINS();
}

/** What a policy lets scripts be loaded from, although it should not. */
function openScriptSources(csp: CspDirectives): readonly string[] {
  const name = csp["script-src"] === undefined ? "default-src" : "script-src";
  const given = csp[name];
  if (given === undefined || given === null || typeof given === "boolean") return [`no ${name}`];
  const words = typeof given === "string" ? given.split(/\s+/) : given;
  const hasNonce = words.includes(CSP.nonce); // with one, browsers take no notice of 'unsafe-inline'
  return words.filter((word) => openSources.includes(word) && !(hasNonce && word === CSP.unsafeInline));
}

function* findOpenPolicy({ security = {} }: ProjectSettings): Generator<CortadoError> {
  if (security.csp === undefined) return yield httpErrors.HTTP_CHECK_NO_CSP();
  const open = openScriptSources(security.csp);
  if (open.length > 0) yield httpErrors.HTTP_CHECK_OPEN_CSP({ open });
}

/** What the settings believe of others: hosts, proxies, origins. */
function* findMisplacedTrust({ allowedHosts = [], trustProxy, security = {} }: ProjectSettings): Generator<CortadoError> {
  if (allowedHosts.length > 0 && allowedHosts.every((host) => localHost.test(host))) yield httpErrors.HTTP_CHECK_LOCAL_HOSTS();
  if (trustProxy === true) yield httpErrors.HTTP_CHECK_ANY_PROXY();
  if (security.sslRedirect && !trustProxy) yield httpErrors.HTTP_CHECK_REDIRECT_LOOP();
  for (const origin of security.trustedOrigins ?? [])
    if (origin.startsWith("http://")) yield httpErrors.HTTP_CHECK_PLAIN_ORIGIN({ origin });
}

/** What `cortado check --deploy` says of the http settings, beyond what every start in production says. */
export const httpDeployChecks: Check = (project) =>
  [findGuessableKeys, findMisplacedTrust, findOpenCookies, findMissingHeaders, findOpenPolicy]
    .flatMap((find) => [...find(project)])
    .map((error) => checkMessage(error, "warning"));
