import { apiView, path, type UrlPattern } from "#http";
import { modelUrls } from "#serving";
import { answering, methodViews } from "./api-view.ts";
import { feedback } from "./feedback-view.ts";
import { mcp } from "./mcp/mcp-view.ts";
import { manual } from "./openapi/manual-view.ts";
import { type ManualOptions, openApi } from "./openapi/openapi-view.ts";
import { projectAuthorizer } from "./project-authorizer.ts";
import { cancel, listRuns, resume, showRun, train } from "./run-views.ts";
import { remove, upload } from "./version-views.ts";

/** What describes the addresses of models: `openapi.json`, and `docs`, a page to try them on. */
export function manualUrls(options: ManualOptions): UrlPattern<NoNames>[] {
  return [path("openapi.json", methodViews({ GET: openApi(options) })), path("docs", apiView(manual(options)))];
}

const urls: UrlPattern[] = [
  ...modelUrls({
    authorizer: projectAuthorizer,
    views: {
      "models/<str:name>/train": { POST: answering(train) },
      "models/<str:name>/predictions/<str:id>/feedback": { POST: answering(feedback) },
      "models/<str:name>/versions": { POST: answering(upload) },
      "models/<str:name>/versions/<str:version>": { DELETE: answering(remove) },
    },
  }),
  path("runs", methodViews({ GET: listRuns })),
  path("runs/<int:id>", methodViews({ GET: showRun })),
  path("runs/<int:id>/cancel", methodViews({ POST: cancel })),
  path("runs/<int:id>/resume", methodViews({ POST: resume })),
  ...manualUrls({ authorizer: projectAuthorizer, isProject: true }),
  path("mcp", mcp),
];

/** None of them has a name; patterns of any names would take the types from those of the project. */
type NoNames = {};

/**
 * The project's models over HTTP: listing, predicting, training, runs, versions and aliases.
 *
 * ```ts
 * export const urls = [path("api/", include(api.urls))];
 * ```
 */
export const api: { readonly urls: readonly UrlPattern<NoNames>[] } = Object.freeze({ urls });
