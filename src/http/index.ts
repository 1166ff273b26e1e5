export { httpChecks } from "./checks.ts";
export { type Cookie, type CookieOptions } from "./cookies.ts";
export { csrfCookieName, csrfFieldName, csrfHeaderName } from "./csrf.ts";
export { describeError, type ErrorPage, jsonProblem, plainErrorPage, type Problem, wantsJson } from "./error-answer.ts";
export { eventStream, type EventStreamStart, type ServerEvent } from "./event-stream.ts";
export { httpErrors } from "./errors.ts";
export { type FormBody } from "./form.ts";
export { HttpError, type HttpErrorOptions, notFound } from "./http-error.ts";
export { listen } from "./listen.ts";
export { Message, type MessageLevel, Messages } from "./messages.ts";
export { MultiDict } from "./multi-dict.ts";
export { parseJson } from "./parse-json.ts";
export { HttpRequest, type PrepareRequest } from "./request.ts";
export {
  file,
  html,
  HttpResponse,
  json,
  redirectTo,
  type ResponseBody,
  type ResponseHeaders,
  type ResponseInit,
  text,
} from "./response.ts";
export { isSafeRedirect } from "./safe-redirect.ts";
export { createServer, type ServerOptions } from "./server.ts";
export { Session } from "./session.ts";
export { memorySessionStore, type SessionStore } from "./session-store.ts";
export { projectMiddleware, type SecuritySettings, type SessionSettings, type UploadSettings } from "./settings.ts";
export { gotRequestException, requestFinished, requestStarted } from "./signals.ts";
export { staticDirectories, type StaticFiles } from "./static-files.ts";
export { UploadedFile } from "./uploaded-file.ts";
export { type ReverseParams } from "./urls/address-ways.ts";
export { type Converter, type ConverterValues, registerConverter } from "./urls/converters.ts";
export { type QueryValues } from "./urls/quote.ts";
export { Resolver, type ResolverOptions, type ReverseOptions, type RouteListing } from "./urls/resolver.ts";
export { ResolverMatch } from "./urls/resolver-match.ts";
export {
  currentResolver,
  isValidPath,
  overrideUrls,
  type Register,
  resolve,
  reverse,
  reverseLazy,
  setCurrentResolver,
  type UrlName,
  type UrlParams,
} from "./urls/reverse.ts";
export {
  include,
  type IncludedUrls,
  type IncludeOptions,
  type NamesOf,
  type ParamsOf,
  path,
  type PathOptions,
  rePath,
  type UrlNames,
  type UrlPattern,
} from "./urls/path.ts";
export {
  apiView,
  type AroundView,
  byMethod,
  csrfExempt,
  csrfOnlyWithSession,
  methods,
  type Middleware,
  type View,
  type ViewMarks,
  viewMarks,
  wrapView,
} from "./view.ts";
