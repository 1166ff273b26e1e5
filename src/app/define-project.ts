import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";
import { type App, currentMode, type ProjectSettings } from "#kernel";
import "#mail"; // declares the settings about mail
import "#storage"; // declares the setting `storage`
import { appErrors } from "./errors.ts";
import type {} from "./developer-tools.ts"; // declares liveReload
import "./open-databases.ts"; // declares the settings about databases

type Required = "apps" | "secretKey";

/** What `defineProject` takes: apps and a secret key; every other setting has a default. */
export type ProjectOptions = Pick<ProjectSettings, Required> & Partial<Omit<ProjectSettings, Required>>;

/** A project: its settings, every default filled in. */
export type Project = Readonly<ProjectSettings>;

const defaults = {
  urls: [],
  database: "sqlite:db.sqlite3",
  storage: "file:var/storage",
  allowedHosts: ["localhost", "127.0.0.1", "[::1]"],
} as const;

/** Every setting that some layer reads; the compiler misses none. */
const knownSettings: Record<keyof ProjectSettings, true> = {
  apps: true,
  urls: true,
  database: true,
  databases: true,
  databaseRouters: true,
  slowQuery: true,
  storage: true,
  storages: true,
  caches: true,
  mediaUrl: true,
  mailers: true,
  mailFrom: true,
  serverMailFrom: true,
  mailSubjectPrefix: true,
  admins: true,
  managers: true,
  secretKey: true,
  secretKeyFallbacks: true,
  allowedHosts: true,
  debug: true,
  mode: true,
  root: true,
  configFile: true,
  middleware: true,
  staticUrl: true,
  staticDirectories: true,
  staticFiles: true,
  templates: true,
  appendSlash: true,
  urlPrefix: true,
  prependWww: true,
  disallowedUserAgents: true,
  session: true,
  messages: true,
  csrf: true,
  security: true,
  uploads: true,
  trustProxy: true,
  tls: true,
  cors: true,
  loginUrl: true,
  language: true,
  languages: true,
  languageCookie: true,
  localePaths: true,
  timeZone: true,
  useThousandSeparator: true,
  formats: true,
  formRenderer: true,
  errorHandlers: true,
  sensitiveNames: true,
  liveReload: true,
  serving: true,
};
const settingNames = Object.keys(knownSettings);

/**
 * Declares a project; the default export of `cortado.config.ts`.
 *
 * ```ts
 * export default defineProject({ apps: [shop], urls, secretKey: env("SECRET_KEY", { development: "dev-only" }) });
 * ```
 * @throws APP_UNKNOWN_SETTING, APP_DUPLICATE_NAME, APP_NOT_AN_APP
 */
export function defineProject(options: ProjectOptions): Project {
  for (const name of Object.keys(options)) {
    if (!settingNames.includes(name)) throw appErrors.APP_UNKNOWN_SETTING({ given: name, settings: settingNames });
  }
  refuseBadApps(options.apps);
  const mode = options.mode ?? currentMode();
  if (mode === "production" && options.secretKey.length < 32) throw appErrors.APP_WEAK_SECRET_KEY();
  const configFile = options.configFile ?? callerFile();
  return {
    ...defaults,
    debug: mode === "development",
    mode,
    root: configFile ? dirname(configFile) : process.cwd(),
    ...options,
    configFile,
  };
}

function refuseBadApps(apps: readonly App[]): void {
  const seen = new Set<string>();
  for (const [index, app] of apps.entries()) {
    if (typeof app !== "object" || typeof app?.name !== "string") throw appErrors.APP_NOT_AN_APP({ index, given: describe(app) });
    if (seen.has(app.name)) throw appErrors.APP_DUPLICATE_NAME({ name: app.name });
    seen.add(app.name);
  }
}

function describe(value: unknown): string {
  if (typeof value === "function") return `the function ${value.name}`;
  return typeof value === "object" && value !== null ? "an object without a name" : String(value);
}

/** The file that called `defineProject`: the first frame outside this one. */
function callerFile(): string | undefined {
  const frame = getCallSites().find((site) => site.scriptName !== import.meta.url && site.scriptName !== import.meta.filename);
  if (!frame?.scriptName || frame.scriptName.startsWith("node:")) return undefined;
  return frame.scriptName.startsWith("file:") ? fileURLToPath(frame.scriptName) : frame.scriptName;
}
