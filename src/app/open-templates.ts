import { existsSync } from "node:fs";
import { join } from "node:path";
import type { App, ProjectSettings } from "#kernel";
import { reverse } from "#http";
import { Engine } from "#templates";

/** The template engine of a project: every app's templates and libraries, in the apps' order. */
export function openTemplates(settings: ProjectSettings): Engine {
  return new Engine({
    directories: [...settings.apps].reverse().flatMap(templatesOf),
    libraries: Object.assign({}, ...settings.apps.map((app) => app.templateLibraries ?? {})),
    debug: settings.debug,
    reverse: (name, args, kwargs) => reverse(name as never, (args.length > 0 ? args : kwargs) as never),
  });
}

function templatesOf(app: App): readonly string[] {
  const folder = app.templates ?? (app.directory ? join(app.directory, "templates") : undefined);
  return folder && existsSync(folder) ? [folder] : [];
}
