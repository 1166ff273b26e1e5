import { overrideLanguage } from "#kernel/i18n";
import { CortadoError } from "#kernel";
import { currentResolver } from "../urls/reverse.ts";
import { languageOfPath } from "./choose-language.ts";

/**
 * The same page's address in another language; the address as it is where the page has no name.
 *
 * ```ts
 * const german = translateUrl("/ko/coffee/?page=2", "de"); // "/de/coffee/?page=2"
 * ```
 */
export function translateUrl(url: string, language: string): string {
  const base = "http://relative.invalid";
  if (!URL.canParse(url, base)) return url;
  const { pathname, search, hash, origin } = new URL(url, base);
  const resolver = currentResolver();
  const path = decodePath(pathname);
  const present = languageOfPath(resolver.withoutPrefix(path));
  const match = overrideLanguage(present ?? null, () => resolver.resolve(path)) ?? resolver.resolve(path);
  if (match?.urlName === undefined) return url;
  try {
    const params = match.args.length > 0 ? match.args : match.kwargs;
    const translated = overrideLanguage(language, () => resolver.reverse(match.viewName, params));
    return `${origin === base ? "" : origin}${translated}${search}${hash}`;
  } catch (error) {
    if (error instanceof CortadoError) return url;
    throw error;
  }
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
