import type { App, ProjectSettings } from "#kernel";
import type { CookieOptions } from "./cookies.ts";
import type { CspDirectives } from "./csp.ts";
import { contentSecurityPolicy } from "./middleware/content-security-policy.ts";
import { crossOrigin, type CorsSettings } from "./middleware/cross-origin.ts";
import { prependWww } from "./middleware/prepend-www.ts";
import { refuseAgents } from "./middleware/refused-agents.ts";
import type { MessageSettings } from "./messages/message-levels.ts";
import type { Resolver } from "./urls/resolver.ts";
import type { PrepareRequest } from "./request.ts";
import type { SessionStore } from "./sessions/session-store.ts";
import type { TlsSettings } from "./tls.ts";
import { defaultUploads, type Uploads, type UploadSettings } from "./uploads/upload-settings.ts";
import type { UrlPattern } from "./urls/path.ts";
import type { Middleware } from "./view.ts";

/** Where sessions are kept, how long, and in which cookie: the setting `session`. */
export interface SessionSettings {
  /** Where sessions are kept: `database` in a project. `cached-database` reads them from a cache and writes them to both. */
  store?: "database" | "cache" | "cached-database" | "cookie" | "file" | "memory" | SessionStore | undefined;
  /** The alias of the cache that holds sessions: `default`. */
  cache?: string | undefined;
  /** The folder of sessions in files: `var/sessions`. */
  directory?: string | undefined;
  /** The cookie's name: `sessionid`. */
  cookieName?: string | undefined;
  /** Seconds a session lives after its last change: two weeks. */
  maxAge?: number | undefined;
  /** Left out: the cookie is `Secure` where the request came over https. */
  secure?: boolean | undefined;
  sameSite?: "lax" | "strict" | "none" | undefined;
  domain?: string | undefined;
  /** The addresses that the cookie is sent to: `/`. */
  path?: string | undefined;
  /** Hides the cookie from scripts: true. */
  httpOnly?: boolean | undefined;
  /** Lets browsers forget the session when they are closed. */
  expireAtBrowserClose?: boolean | undefined;
  /** Saves, and so prolongs, a session on every request and not only where it changed. */
  saveEveryRequest?: boolean | undefined;
}

/** Where the secret of CSRF tokens is kept: the setting `csrf`. */
export interface CsrfSettings {
  /** Keeps the secret of the tokens in the session, and not in a cookie of its own. Every form then makes a session. */
  useSessions?: boolean | undefined;
}

/** What keeps browsers and strangers in bounds: the setting `security`. */
export interface SecuritySettings {
  /** Origins besides the site's own that may send unsafe requests: `https://shop.example.com`, `https://*.example.com`. */
  trustedOrigins?: readonly string[] | undefined;
  /** Answers http requests with a redirect to https. */
  sslRedirect?: boolean | undefined;
  /** Seconds for which browsers use https only; nothing is sent when 0 or left out. */
  hstsSeconds?: number | undefined;
  hstsIncludeSubdomains?: boolean | undefined;
  hstsPreload?: boolean | undefined;
  /** `DENY`, `SAMEORIGIN`, or false to send none. */
  frameOptions?: "DENY" | "SAMEORIGIN" | false | undefined;
  /** The Content-Security-Policy, by directive: `{ "default-src": [CSP.self] }`. */
  csp?: CspDirectives | undefined;
  /** One that browsers report about and do not enforce. */
  cspReportOnly?: CspDirectives | undefined;
  referrerPolicy?: string | false | undefined;
  openerPolicy?: string | false | undefined;
}

/** The cookie in which `setLanguage` keeps a visitor's language. */
export interface LanguageCookieSettings extends CookieOptions {
  /** `language` */
  name?: string | undefined;
}

declare module "#kernel" {
  interface ProjectSettings {
    urls?: readonly UrlPattern[] | undefined;
    /** Hosts that the project answers for: `example.com`, `.example.com` with its subdomains, or `*`. */
    allowedHosts?: readonly string[] | undefined;
    middleware?: readonly Middleware[] | undefined;
    /** Where static files are served: `/static/`. */
    staticUrl?: string | undefined;
    /** Redirects `/coffee` to `/coffee/` where only the latter exists; true by default. */
    appendSlash?: boolean | undefined;
    /** The prefix that a proxy in front adds to every address, so that `reverse` writes it: `/shop/`. */
    urlPrefix?: string | undefined;
    /** Sends `example.com` on to `www.example.com`. */
    prependWww?: boolean | undefined;
    /** Programs that are answered with 403, by their `User-Agent`. */
    disallowedUserAgents?: readonly RegExp[] | undefined;
    session?: SessionSettings | undefined;
    messages?: MessageSettings | undefined;
    csrf?: CsrfSettings | undefined;
    security?: SecuritySettings | undefined;
    uploads?: UploadSettings | undefined;
    languageCookie?: LanguageCookieSettings | undefined;
    /** Believes `X-Forwarded-*`: true, or the addresses of the proxies in front. */
    trustProxy?: boolean | string | readonly string[] | undefined;
    /** Which pages of other sites may read answers. Left out: none. */
    cors?: CorsSettings | undefined;
    /** Speaks https, by these files. Left out, http: a proxy in front may speak https for it. */
    tls?: TlsSettings | undefined;
  }
  interface AppParts {
    /** Run before the view, in the apps' order: sets what a request carries (`request.user`). */
    prepareRequest?: PrepareRequest | undefined;
    middleware?: readonly Middleware[] | undefined;
    /** The folder of the app's static files: `static` in its own folder by default. */
    staticFiles?: string | undefined;
  }
  interface Services {
    resolver: Resolver;
  }
}

/** The settings that http reads, each with its default. */
export interface HttpSettings {
  secretKey: string;
  secretKeyFallbacks: readonly string[];
  debug: boolean;
  allowedHosts: readonly string[];
  appendSlash: boolean;
  session: SessionSettings &
    Required<Pick<SessionSettings, "cookieName" | "maxAge" | "sameSite" | "path" | "httpOnly" | "expireAtBrowserClose">>;
  messages: MessageSettings;
  csrf: CsrfSettings;
  security: SecuritySettings;
  uploads: Uploads;
  languageCookie: LanguageCookieSettings & { name: string };
  trustProxy: boolean | string | string[];
}

const defaultSession: HttpSettings["session"] = {
  cookieName: "sessionid",
  maxAge: 14 * 24 * 3600,
  sameSite: "lax",
  path: "/",
  httpOnly: true,
  expireAtBrowserClose: false,
  saveEveryRequest: false,
};

const defaultLanguageCookie: HttpSettings["languageCookie"] = { name: "language", maxAge: 365 * 24 * 3600, sameSite: "lax" };

/** What is given over the defaults; a setting given as undefined counts as not given. */
function withDefaults<T extends object>(defaults: T, given: object = {}): T {
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

export function httpSettings(project: ProjectSettings): HttpSettings {
  const { trustProxy = false } = project;
  return {
    secretKey: project.secretKey,
    secretKeyFallbacks: project.secretKeyFallbacks ?? [],
    debug: project.debug,
    allowedHosts: project.allowedHosts ?? [],
    appendSlash: project.appendSlash ?? true,
    session: withDefaults(defaultSession, project.session),
    messages: project.messages ?? {},
    csrf: project.csrf ?? {},
    security: project.security ?? {},
    uploads: uploadLimits(project),
    languageCookie: withDefaults(defaultLanguageCookie, project.languageCookie),
    trustProxy: typeof trustProxy === "object" ? [...trustProxy] : trustProxy,
  };
}

/** The limits of what a client may send, each with its default: `uploadLimits(request.services.settings).maxFileSize`. */
export function uploadLimits({ uploads }: Pick<ProjectSettings, "uploads">): Uploads {
  return withDefaults(defaultUploads, uploads);
}

/** What settings ask to stand around everything else. */
function* settingsMiddleware({
  security = {},
  disallowedUserAgents: agents = [],
  ...project
}: ProjectSettings): Generator<Middleware> {
  if (agents.length > 0) yield refuseAgents(agents);
  if (project.cors) yield crossOrigin(project.cors);
  if (project.prependWww) yield prependWww;
  if (security.csp !== undefined || security.cspReportOnly !== undefined) yield contentSecurityPolicy(security, project.debug);
}

/** The middleware of a project: what its settings ask for, its own, then that of its apps. */
export function projectMiddleware(project: ProjectSettings): readonly Middleware[] {
  const ofApps = project.apps.flatMap((app: App) => app.middleware ?? []);
  return [...settingsMiddleware(project), ...(project.middleware ?? []), ...ofApps];
}
