import { apiApp, manualUrls } from "#api";
import { include, path } from "#http";
import type { ProjectSettings } from "#kernel";
import { type Authorizer, serveDirectory, type ServedDirectory, type ServedPages, type ServeOptions } from "#serving";
import { viewsApp } from "#views";
import { openTemplates } from "./open-templates.ts";
import { writeAnswer } from "./request-log.ts";

/** How folders of models are served with their manual. */
export interface ServeModelsOptions extends Omit<ServeOptions, "pages" | "logAnswer"> {
  /** Writes a line of JSON for each answered request on standard output. Default false. */
  accessLog?: boolean | undefined;
}

/** Serves folders of models without a project, as `serveDirectory` does, with `/api/docs` and `/api/openapi.json`. */
export function serveModels(
  places: readonly string[],
  { accessLog = false, ...options }: ServeModelsOptions,
): Promise<ServedDirectory> {
  return serveDirectory(places, { ...options, pages: manualPages, logAnswer: accessLog ? writeAnswer : undefined });
}

function manualPages(authorizer: Authorizer): ServedPages {
  const apps = [viewsApp, apiApp];
  const settings = { apps, root: import.meta.dirname, debug: false } as Partial<ProjectSettings> as ProjectSettings;
  return {
    urls: [path("api/", include(manualUrls({ authorizer, isProject: false })))],
    services: { templates: openTemplates(settings) },
    static: { prefix: "/static/", directories: apps.map((app) => app.staticFiles!) },
  };
}
