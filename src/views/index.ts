export { atomicRequests, nonAtomicRequests } from "./atomic-requests.ts";
export { cachePage, cacheSite, type CacheSiteOptions } from "./page-cache/cache-page.ts";
export type { PageCacheOptions } from "./page-cache/page-cache.ts";
export type { PageKeyOptions } from "./page-cache/page-key.ts";
export { type ContextProcessor, requestContext, usualContextNames } from "./context-processors.ts";
export { cacheApp } from "./cache/cache-app.ts";
export { CacheEntry } from "./cache/cache-entry-model.ts";
export { DatabaseCacheBackend, type DatabaseCacheOptions } from "./cache/database-cache-backend.ts";
export { cachedDatabaseSessionStore } from "./sessions/cached-database-session-store.ts";
export { clearExpiredSessions, databaseSessionStore } from "./sessions/database-session-store.ts";
export { developerUrls } from "./developer/developer-pages.ts";
export { LiveReload, type WatchFiles } from "./developer/live-reload.ts";
export { noteQueries } from "./developer/request-report.ts";
export { type ErrorHandler, errorPage, explainError } from "./error-page.ts";
export { explain, type Explanation, type StackLine } from "./developer/explain.ts";
export { viewsErrors } from "./errors.ts";
export { type Filterable, getListOr404, getObjectOr404, type HasObjects, type LookUp } from "./get-object-or-404.ts";
export {
  archiveIndexView,
  type ArchiveOptions,
  dateDetailView,
  dayArchiveView,
  monthArchiveView,
  type PeriodArchiveOptions,
  todayArchiveView,
  weekArchiveView,
  yearArchiveView,
  type YearArchiveOptions,
} from "./archives/archive-views.ts";
export { type DeleteCall, type DeleteOptions, deleteView } from "./generic/delete-view.ts";
export { type DetailOptions, detailView, type RowCall } from "./generic/detail-view.ts";
export { createView, type EditCall, type EditOptions, updateView } from "./generic/editing-views.ts";
export { formView, type FormViewOptions } from "./generic/form-view.ts";
export { type AnyPage, type JsonOfRow } from "./generic/json-answer.ts";
export { type ListCall, type ListingOptions, listView } from "./generic/list-view.ts";
export { type RedirectTarget, redirectView, type RedirectViewOptions } from "./generic/redirect-view.ts";
export { type FormCall, type FormClass, type Overriding } from "./generic/take-form.ts";
export { templateView, type TemplateViewOptions } from "./generic/template-view.ts";
export { type Params, type Step, type ViewCall } from "./generic/view-call.ts";
export { feed, type FeedFormat, type FeedOptions } from "./feeds/feed.ts";
export type {
  CompleteFeed,
  Enclosure,
  FeedAuthor,
  FeedContent,
  FeedElement,
  FeedItem,
  FeedStylesheet,
} from "./feeds/feed-content.ts";
export { type ErrorMailLimits, mailErrors } from "./mail/error-mail.ts";
export { renderMail, type RenderMailOptions, useMailTemplates } from "./mail/render-mail.ts";
export { media, mediaView, type MediaView, type MediaViewOptions, signedMediaUrl } from "./media/media.ts";
export { storedFile, type StoredFile, type StoredFileOptions } from "./media/stored-file.ts";
export { type ElidedRangeOptions } from "./pagination/elided-range.ts";
export { EmptyPage, InvalidPage, type PageMessages, PageNotAnInteger } from "./pagination/invalid-page.ts";
export { KeysetPage, KeysetPaginator, type KeysetPlace, type KeysetSource } from "./pagination/keyset-paginator.ts";
export { type Countable, type Pageable } from "./pagination/page-source.ts";
export { Page, Paginator, type PaginatorOptions } from "./pagination/paginator.ts";
export { UncountedPage, UncountedPaginator } from "./pagination/uncounted-paginator.ts";
export { type HasAddress, redirect, type RedirectOptions, type RedirectParams } from "./redirect.ts";
export { predictionFields, predictionForm, type PredictionFormClass } from "./prediction-form.ts";
export { TemplateResponse, templateResponse } from "./template-response.ts";
export { projectSessionStore, sessionStoreChecks } from "./sessions/project-session-store.ts";
export { render, type RenderOptions, renderToString } from "./render.ts";
export { Session } from "./sessions/session-model.ts";
export { type SourceExcerpt } from "./developer/source-excerpt.ts";
export { sitemap, type SitemapOptions } from "./sitemaps/sitemap.ts";
export type { ChangeFrequency, SitemapSection } from "./sitemaps/section.ts";
export { file, notFound } from "#http";
export { sessionsApp } from "./sessions/sessions-app.ts";
export { viewsApp } from "./views-app.ts";
export { welcome } from "./welcome.ts";
