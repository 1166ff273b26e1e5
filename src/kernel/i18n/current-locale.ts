import { AsyncLocalStorage } from "node:async_hooks";
import type { Catalogue } from "./catalogues/catalogue.ts";
import { catalogueOf } from "./catalogues/catalogue-of.ts";
import { i18nSettings } from "./i18n-settings.ts";
import { knownTimeZone } from "./time-zones/known-time-zone.ts";

/*
 * How it works. What runs has a locale: a language with its catalogue, and a time zone. Where nothing chose one, it is the
 * project's, and asking for it reads one variable: no asynchronous context is made before the first override.
 */

/** The language and the time zone of what runs. */
interface Locale {
  language: string;
  catalogue: Catalogue | undefined;
  timeZone: string;
}

let storage: AsyncLocalStorage<Locale> | undefined;
let base: Locale | undefined;

/** Forgets the project's own locale, which is read anew from the settings. */
export function resetBaseLocale(): void {
  base = undefined;
}

function baseLocale(): Locale {
  const { language, timeZone } = i18nSettings();
  return (base ??= { language, catalogue: catalogueOf(language), timeZone });
}

function currentLocale(): Locale {
  return storage?.getStore() ?? base ?? baseLocale();
}

function runIn<T>(locale: Locale, run: () => T): T {
  storage ??= new AsyncLocalStorage();
  return storage.run(locale, run);
}

function change(changes: Partial<Locale>): void {
  const held = storage?.getStore();
  if (held) Object.assign(held, changes);
  else (storage ??= new AsyncLocalStorage()).enterWith({ ...currentLocale(), ...changes });
}

/** The catalogue that texts are looked up in; undefined where they stay as they are written. */
export function currentCatalogue(): Catalogue | undefined {
  return currentLocale().catalogue;
}

/**
 * The language of what runs: that of the request, or the project's.
 *
 * ```ts
 * currentLanguage(); // "en"
 * ```
 */
export function currentLanguage(): string {
  return currentLocale().language;
}

/**
 * Runs something in a language; what it awaits is in that language too. `null` leaves every text as it is written.
 *
 * ```ts
 * overrideLanguage("ko", () => gettext("Password")); // "비밀번호"
 * ```
 */
export function overrideLanguage<T>(code: string | null, run: () => T): T {
  return runIn({ ...currentLocale(), ...inLanguage(code) }, run);
}

/**
 * Sets the language for the rest of the request, or of the program outside of one.
 *
 * ```ts
 * activateLanguage("ko");
 * ```
 */
export function activateLanguage(code: string | null): void {
  change(inLanguage(code));
}

function inLanguage(code: string | null): Pick<Locale, "language" | "catalogue"> {
  return code === null ? { language: "en", catalogue: undefined } : { language: code, catalogue: catalogueOf(code) };
}

function zoneOf(zone: string | null): string {
  return zone === null ? i18nSettings().timeZone : knownTimeZone(zone);
}

/**
 * The time zone in which moments are shown and read: the one activated, or the project's.
 *
 * ```ts
 * currentTimeZone(); // "UTC"
 * ```
 */
export function currentTimeZone(): string {
  return currentLocale().timeZone;
}

/**
 * Runs something in a time zone; `null` is the project's.
 *
 * ```ts
 * overrideTimeZone("Asia/Seoul", () => localTime(new Date()).hour);
 * ```
 * @throws KERNEL_UNKNOWN_TIME_ZONE
 */
export function overrideTimeZone<T>(zone: string | null, run: () => T): T {
  return runIn({ ...currentLocale(), timeZone: zoneOf(zone) }, run);
}

/**
 * Sets the time zone for the rest of the request, or of the program outside of one; `null` goes back to the project's.
 * In a middleware that has awaited something, `overrideTimeZone(zone, next)` is sure to reach the view.
 *
 * ```ts
 * activateTimeZone("Asia/Seoul");
 * ```
 * @throws KERNEL_UNKNOWN_TIME_ZONE
 */
export function activateTimeZone(zone: string | null): void {
  change({ timeZone: zoneOf(zone) });
}

/**
 * A function that runs in the language and the time zone of now, whenever it is called.
 *
 * ```ts
 * const later = keepLocale(() => gettext("Password"));
 * ```
 */
export function keepLocale<T>(run: () => T): () => T {
  const held = storage?.getStore();
  return held === undefined ? run : () => runIn(held, run);
}
