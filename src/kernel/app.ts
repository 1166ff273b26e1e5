import type { LazyText } from "./i18n/lazy-text.ts";
import type { Check } from "./checks.ts";
import type { Mode } from "./environment.ts";
import type { LocaleFormats } from "./i18n/formats/locale-formats.ts";

/**
 * What an app may contribute to a project. Each layer adds its own part to this interface
 * (`models`, `urls`, `handlers`, …) by augmenting `#kernel`.
 */
export interface AppParts {
  /** The app's label: it names its tables, its migrations and its addresses. */
  name: string;
  /** The app's folder, `import.meta.dirname`: where `templates/`, `static/` and `migrations/` are found. */
  directory?: string | undefined;
  verboseName?: string | LazyText | undefined;
  /** Verified before the project starts. */
  checks?: readonly Check[] | undefined;
  /** Run, in order, when the project opens; what it returns is run when the project closes. */
  onOpen?: ((services: Services) => Promise<void | (() => Promise<void>)>) | undefined;
}

/**
 * What an open project offers to views, commands and apps, each part put there by its layer
 * (`templates`, `resolver`, `models`, …). A request carries it as `request.services`.
 */
export interface Services {
  settings: ProjectSettings;
}

/** An app: a named part of a project. */
export type App = Readonly<AppParts>;

/** A project's settings, resolved. Each layer adds those that it reads by augmenting `#kernel`. */
export interface ProjectSettings {
  apps: readonly App[];
  /** Signs sessions, CSRF tokens and everything else that must come back unchanged. */
  secretKey: string;
  /** Keys that were the secret key before: what they signed is still taken. Remove one when nothing of it is in use any more. */
  secretKeyFallbacks?: readonly string[] | undefined;
  /** Explains errors in the answer. `defineProject` defaults it to true in development. */
  debug: boolean;
  mode: Mode;
  /** The project's folder: that of `cortado.config.ts`. Relative paths in settings and sources start here. */
  root: string;
  /** The file that called `defineProject`; other processes load the project from it. */
  configFile?: string | undefined;
  /** The language of whoever asks for no other: `en`. */
  language?: string | undefined;
  /** The languages that visitors may choose from: codes, or their names by code. `language` alone where left out. */
  languages?: readonly string[] | Readonly<Record<string, string>> | undefined;
  /** Folders of catalogues, `<code>/LC_MESSAGES/*.po` in each, which stand over those of the apps. */
  localePaths?: readonly string[] | undefined;
  /** Where moments are shown and read unless a request says otherwise: `UTC`. */
  timeZone?: string | undefined;
  /** Whether numbers are shown with separated thousands: false. */
  useThousandSeparator?: boolean | undefined;
  /** Formats of a language that are not what the framework has for it, by code; those under `*` hold in every language. */
  formats?: Readonly<Record<string, Partial<LocaleFormats>>> | undefined;
}

/**
 * Declares an app.
 *
 * ```ts
 * export default defineApp({ name: "shop", models, directory: import.meta.dirname });
 * ```
 */
export function defineApp(parts: AppParts): App {
  return Object.freeze({ ...parts });
}
