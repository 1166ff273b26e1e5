import { i18nSettings, supportedLanguage } from "#kernel/i18n";
import { qualityList } from "../quality-list.ts";
import type { HttpRequest } from "../request.ts";

/** More entries are no visitor's wish. */
const longestHeader = 500;
const languageCode = /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i;

/**
 * The language that a path begins with: `/de/coffee/`. Undefined where it begins with none that the project speaks.
 *
 * ```ts
 * languageOfPath("/en/coffee/"); // "en"
 * ```
 */
export function languageOfPath(path: string): string | undefined {
  const found = /^\/([\w-]+)(?:\/|$)/.exec(path);
  return found === null ? undefined : supportedLanguage(found[1]!);
}

/**
 * The languages of an `Accept-Language` header, those wanted most first.
 *
 * ```ts
 * acceptedLanguages("de;q=0.7, ko"); // ["ko", "de"]
 * ```
 */
export function acceptedLanguages(header: string): string[] {
  return qualityList(header.slice(0, longestHeader))
    .filter(({ name, quality }) => quality > 0 && (name === "*" || languageCode.test(name)))
    .sort((a, b) => b.quality - a.quality)
    .map(({ name }) => name);
}

/**
 * The language that a visitor wants of those that the project speaks: that of the cookie, the first of the browser's that serves,
 * or the project's own.
 *
 * ```ts
 * const language = languageOfVisitor(request, "language");
 * ```
 */
export function languageOfVisitor(request: HttpRequest, cookieName: string): string {
  const cookie = request.headers.cookie === undefined ? undefined : request.cookies.get(cookieName);
  const kept = cookie === undefined ? undefined : supportedLanguage(cookie);
  if (kept !== undefined) return kept;
  for (const code of acceptedLanguages(request.headers["accept-language"] ?? "")) {
    if (code === "*") break;
    const served = supportedLanguage(code);
    if (served !== undefined) return served;
  }
  return i18nSettings().language;
}
