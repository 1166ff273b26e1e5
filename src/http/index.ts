export { httpChecks } from "./checks.ts";
export { httpDeployChecks } from "./deploy-checks.ts";
export { addNeverCache, type CacheControl, patchCacheControl } from "./cache-control.ts";
export { answerConditionally, notModified } from "./conditional.ts";
export { contentDisposition } from "./content-disposition.ts";
export { type Cookie, type CookieOptions } from "./cookies.ts";
export { CSP, type CspDirectives } from "./csp.ts";
export { afterView } from "./decorators/after-view.ts";
export { cacheControl, neverCache, varyOn } from "./decorators/cache-control.ts";
export { condition, type ConditionOptions, etag, lastModified } from "./decorators/condition.ts";
export { cspOverride, cspReportOnlyOverride } from "./decorators/csp.ts";
export { withAnswerHeaders } from "./carried-headers.ts";
export { csrfExempt, csrfOnlyWithSession, csrfProtect, ensureCsrfCookie } from "./decorators/csrf.ts";
export { xframeDeny, xframeExempt, xframeSameOrigin } from "./decorators/frame-options.ts";
export { byMethod, methods, requireGet, requirePost, requireSafe } from "./decorators/methods.ts";
export { negotiate } from "./decorators/negotiate.ts";
export { noAppendSlash } from "./decorators/no-append-slash.ts";
export { type Rate, rateLimit, type RateLimitOptions } from "./decorators/rate-limit.ts";
export { sensitivePostParameters } from "./decorators/sensitive.ts";
export { csrfCookieName, csrfFieldName, csrfHeaderName, matchesOrigin } from "./csrf.ts";
export {
  describeError,
  type ErrorPage,
  type ExplainError,
  jsonProblem,
  plainErrorPage,
  type Problem,
  programErrorPage,
  wantsJson,
  logProblem,
} from "./error-answer.ts";
export { eventStream, type EventStreamStart, type ServerEvent } from "./event-stream.ts";
export { httpErrors } from "./errors.ts";
export { type FormBody } from "./uploads/form-body.ts";
export { file, fileFrom, type FileOptions, type FileSource } from "./file-response.ts";
export { badRequest, forbidden, gone, HttpError, type HttpErrorOptions, notFound } from "./http-error.ts";
export { acceptedLanguages, languageOfPath, languageOfVisitor } from "./i18n/choose-language.ts";
export { i18nPatterns, type I18nPatternsOptions } from "./i18n/i18n-patterns.ts";
export { javascriptCatalog, jsonCatalog } from "./i18n/javascript-catalog.ts";
export { setLanguage } from "./i18n/set-language.ts";
export { translateUrl } from "./i18n/translate-url.ts";
export { listen } from "./listen.ts";
export type { CorsSettings } from "./middleware/cross-origin.ts";
export { readTls, type TlsFiles, type TlsSettings } from "./tls.ts";
export { type Markup, Message, type MessageText } from "./messages/message.ts";
export type { LevelName, MessageLevel, MessageSettings } from "./messages/message-levels.ts";
export { type MessageOptions, Messages } from "./messages/messages.ts";
export { type BrokenLink, type BrokenLinkOptions, brokenLinks } from "./middleware/broken-links.ts";
export { compression, type CompressionOptions, type Encoding, gzipPage } from "./middleware/compression.ts";
export { conditionalGet } from "./middleware/conditional-get.ts";
export { urlsByHost } from "./middleware/urls-by-host.ts";
export { MultiDict } from "./multi-dict.ts";
export { parseJson } from "./parse-json.ts";
export { requireUtf8, utf8Text } from "./readable-text.ts";
export { cacheRateLimits, type RateLimitStore } from "./rate-limit-store.ts";
export { HttpRequest, type PrepareRequest } from "./request.ts";
export {
  html,
  HttpResponse,
  json,
  redirectTo,
  type ResponseBody,
  type ResponseHeaders,
  type ResponseInit,
  text,
} from "./response.ts";
export { networkOf } from "./network-of.ts";
export { isSafeRedirect } from "./safe-redirect.ts";
export { type AnsweredRequest, createServer, type ServerOptions } from "./server.ts";
export { cacheSessionStore } from "./sessions/cache-session-store.ts";
export { cookieSessionStore } from "./sessions/cookie-session-store.ts";
export { fileSessionStore } from "./sessions/file-session-store.ts";
export { openSessionStore, type OpenSessionStoreOptions } from "./sessions/open-session-store.ts";
export { Session, type SessionLife } from "./sessions/session.ts";
export {
  memorySessionStore,
  mergeSession,
  type SessionData,
  type SessionStore,
  type SessionWrite,
} from "./sessions/session-store.ts";
export {
  type LanguageCookieSettings,
  projectMiddleware,
  type SecuritySettings,
  type SessionSettings,
  uploadLimits,
} from "./settings.ts";
export { gotRequestException, requestFinished, requestStarted } from "./signals.ts";
export { type CollectAction, type CollectOptions, collectStatic, type CollectSummary } from "./static/collect-static.ts";
export { findStatic, listStatic, type StaticFolder, staticFolders, type StaticSource } from "./static/find-static.ts";
export { type StaticFiles } from "./static/serve-static.ts";
export { staticUrl, useStaticFiles } from "./static/static-files.ts";
export { readStaticManifest, StaticManifest } from "./static/static-manifest.ts";
export { type StaticFilesSettings } from "./static/static-settings.ts";
export { stream } from "./stream.ts";
export { UploadedFile, type UploadParts } from "./uploads/uploaded-file.ts";
export { type ArrivingFile, type ScanResult, type UploadProgress, type UploadSettings } from "./uploads/upload-settings.ts";
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
export { apiView, type AroundView, type Middleware, type View, type ViewMarks, viewMarks, wrapView } from "./view.ts";
export { toResponse } from "./to-response.ts";
export { Channel } from "./websockets/channel.ts";
export { Socket, type SocketMessage } from "./websockets/socket.ts";
export { type SocketHandler, type WebSocketOptions, webSocketView } from "./websockets/web-socket-view.ts";
