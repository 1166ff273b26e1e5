import type { UrlPattern } from "../urls/path.ts";
import { overrideUrls } from "../urls/reverse.ts";
import type { Middleware } from "../view.ts";

/**
 * Other addresses for some hosts: `resolve`, `reverse` and `{% url %}` keep to them during such a request.
 *
 * ```ts
 * const middleware = [urlsByHost({ "partners.example.com": partnerUrls })];
 * ```
 */
export function urlsByHost(hosts: Readonly<Record<string, readonly UrlPattern[]>>): Middleware {
  const byHost = new Map(Object.entries(hosts).map(([host, urls]) => [host.toLowerCase(), urls]));
  return (request, next) => {
    const urls = byHost.get(request.host) ?? byHost.get(request.host.replace(/:\d+$/, ""));
    if (urls === undefined) return next();
    request.urlconf = urls;
    return overrideUrls(urls, next);
  };
}
