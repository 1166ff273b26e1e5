export { atomicRequests, nonAtomicRequests } from "./atomic-requests.ts";
export { sessionsApp, viewsApp } from "./apps.ts";
export { type ContextProcessor, requestContext } from "./context-processors.ts";
export { clearExpiredSessions, databaseSessionStore } from "./database-session-store.ts";
export { errorPage, explain, type Explanation, type StackLine } from "./error-page.ts";
export { viewsErrors } from "./errors.ts";
export { type Filterable, getListOr404, getObjectOr404, type LookUp } from "./get-object-or-404.ts";
export { detailView, listView, redirectView, templateView } from "./generic/reading-views.ts";
export { type ModelViewOptions, type RowViewOptions } from "./generic/model-view.ts";
export {
  createView,
  deleteView,
  type FormClass,
  formView,
  type FormViewOptions,
  updateView,
  type WritingViewOptions,
} from "./generic/writing-views.ts";
export { media } from "./media.ts";
export { Page, type Pageable, Paginator } from "./paginator.ts";
export { type HasAddress, redirect } from "./redirect.ts";
export { predictionFields, predictionForm, type PredictionFormClass } from "./prediction-form.ts";
export { render, renderToString } from "./render.ts";
export { Session } from "./session-model.ts";
export { type SourceExcerpt } from "./source-excerpt.ts";
export { staticLibrary, staticUrl } from "./static-tag.ts";
export { file, notFound } from "#http";
export { welcome } from "./welcome.ts";
