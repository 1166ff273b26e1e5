import { redirectTo } from "../response.ts";
import type { Middleware } from "../view.ts";

/** Sends `example.com` on to `www.example.com`: the setting `prependWww`. */
export const prependWww: Middleware = (request, next) => {
  const { host, scheme, url } = request;
  return host.startsWith("www.") ? next() : redirectTo(`${scheme}://www.${host}${url}`, 301);
};
