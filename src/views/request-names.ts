import { HttpRequest, type MultiDict } from "#http";
import { currentLanguage } from "#kernel/i18n";

/*
 * How it works. Templates that were written for Django ask their request for `GET`, `POST`, `COOKIES`, `META` and a few functions.
 * TypeScript does not know these names: they stand on the prototype for templates alone, and cost nothing where none asks.
 */

/** The last value of each name, as templates read a `QueryDict`; its query string is not among the values. */
function asDictionary(values: MultiDict<any>): Record<string, unknown> {
  const dictionary = Object.fromEntries(values);
  const urlencode = (): string => String(values);
  return Object.defineProperty(dictionary, "urlencode", { value: urlencode, enumerable: false });
}

const formType = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/** What was posted; nothing where the request is no form. */
async function posted(request: HttpRequest): Promise<{ data: Record<string, unknown>; files: Record<string, unknown> }> {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead || !formType.test(request.headers["content-type"] ?? "")) return { data: {}, files: {} };
  const { data, files } = await request.form();
  return { data: asDictionary(data), files: asDictionary(files) };
}

/** Headers as CGI names them: `HTTP_USER_AGENT`. */
function metaOf(request: HttpRequest): Record<string, unknown> {
  const headers = Object.entries(request.headers).map(([name, value]) => {
    const upper = name.toUpperCase().replaceAll("-", "_");
    return [/^CONTENT_(?:TYPE|LENGTH)$/.test(upper) ? upper : `HTTP_${upper}`, value] as const;
  });
  const [, query = ""] = request.url.split("?");
  const own = { REMOTE_ADDR: request.ip, REQUEST_METHOD: request.method, QUERY_STRING: query, PATH_INFO: request.path };
  return { ...Object.fromEntries(headers), ...own };
}

const names: Readonly<Record<string, (request: HttpRequest) => unknown>> = {
  GET: (request) => asDictionary(request.query),
  POST: (request) => posted(request).then(({ data }) => data),
  FILES: (request) => posted(request).then(({ files }) => files),
  COOKIES: (request) => request.cookies,
  META: metaOf,
  LANGUAGE_CODE: () => currentLanguage(),
  pathInfo: (request) => request.path,
  contentType: (request) => (request.headers["content-type"] ?? "").split(";")[0]!.trim(),
  getFullPath: (request) => request.url,
  getHost: (request) => request.host,
  buildAbsoluteUri: (request) => request.absoluteUrl(),
};

for (const [name, read] of Object.entries(names)) {
  if (name in HttpRequest.prototype) continue;
  const get = function (this: HttpRequest): unknown {
    return read(this);
  };
  Object.defineProperty(HttpRequest.prototype, name, { get, configurable: true });
}
