import { currentLanguage, i18nSettings, overrideLanguage } from "#kernel/i18n";
import type { HttpRequest } from "../request.ts";
import { type HttpResponse, redirectTo } from "../response.ts";
import type { HttpSettings } from "../settings.ts";
import type { Resolver } from "../urls/resolver.ts";
import { languageOfPath, languageOfVisitor } from "./choose-language.ts";
import { languagePrefixOf } from "./i18n-patterns.ts";

/*
 * How it works. A request's language is that of its address's prefix where the project has such addresses; otherwise that of the
 * visitor's cookie, of the browser, of the project. The whole request runs in it. A project that speaks one language and has no
 * prefixes has no RequestLanguages, and its requests pay nothing.
 */

/** Gives each request its language, and says in its answer which it was. */
export class RequestLanguages {
  readonly #resolver: Resolver;
  readonly #settings: HttpSettings;
  readonly #prefixes: ReturnType<typeof languagePrefixOf>;

  private constructor(resolver: Resolver, settings: HttpSettings, prefixes: ReturnType<typeof languagePrefixOf>) {
    this.#resolver = resolver;
    this.#settings = settings;
    this.#prefixes = prefixes;
  }

  /** Undefined where requests have no language to choose. */
  static of(resolver: Resolver, settings: HttpSettings): RequestLanguages | undefined {
    const prefixes = resolver.urls.map(languagePrefixOf).find((found) => found !== undefined);
    const speaksOne = Object.keys(i18nSettings().languages).length <= 1;
    return speaksOne && prefixes === undefined ? undefined : new RequestLanguages(resolver, settings, prefixes);
  }

  /** Runs what answers a request in its language. */
  run<T>(request: HttpRequest, answer: () => T): T {
    return overrideLanguage(this.#choose(request), answer);
  }

  #choose(request: HttpRequest): string {
    const ofPath = this.#prefixes === undefined ? undefined : languageOfPath(this.#resolver.withoutPrefix(request.path));
    if (ofPath !== undefined) return ofPath;
    if (this.#prefixes?.prefixDefaultLanguage === false) return i18nSettings().language;
    return languageOfVisitor(request, this.#settings.languageCookie.name);
  }

  /** The answer with its language; where only the prefix was missing, a redirect to the address with it. It never throws. */
  finish(request: HttpRequest, response: HttpResponse): HttpResponse {
    const hasPrefix = this.#prefixes !== undefined && languageOfPath(this.#resolver.withoutPrefix(request.path)) !== undefined;
    if (response.status === 404 && !hasPrefix) {
      const target = this.#tryPrefixed(request);
      if (target !== undefined) return redirectTo(target).vary("Accept-Language").vary("Cookie");
    }
    // An answer that differs by cookie or browser must not be kept for everyone.
    if (!hasPrefix && this.#prefixes?.prefixDefaultLanguage !== false) response.vary("Accept-Language");
    const language = currentLanguage();
    // What a view activated may be anything; a header may not.
    if (/^[\w-]+$/.test(language)) response.headers["content-language"] ??= language;
    return response;
  }

  /** A converter of the project's own may throw; then the answer stays as it is. */
  #tryPrefixed(request: HttpRequest): string | undefined {
    try {
      return this.#prefixed(request);
    } catch (error) {
      request.log.error({ err: error }, "The address with a language could not be looked up.");
      return undefined;
    }
  }

  #prefixed(request: HttpRequest): string | undefined {
    if (this.#prefixes?.prefixDefaultLanguage !== true) return undefined;
    const language = currentLanguage();
    const at = request.url.indexOf("?");
    const [path, query] = at < 0 ? [request.url, ""] : [request.url.slice(0, at), request.url.slice(at)];
    const wanted = `/${language}${this.#resolver.withoutPrefix(request.path)}`;
    const slash = this.#resolver.resolve(wanted) === undefined ? "/" : "";
    if (slash === "/" && !(this.#settings.appendSlash && this.#resolver.resolve(`${wanted}/`))) return undefined;
    return `${this.#resolver.prefix}${language}/${this.#resolver.withoutPrefix(path).replace(/^\/+/, "")}${slash}${query}`;
  }
}
