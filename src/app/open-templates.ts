import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type App, didYouMean, type ProjectSettings } from "#kernel";
import { formTemplates } from "#forms";
import { currentResolver, HttpRequest, staticUrl } from "#http";
import { Engine, staticLibrary, type OnMissingName } from "#templates";

/** What whoever opens a project wants to be told. */
export interface OpenOptions {
  /** Each name that a template asked for and its context lacked. Default: it is said on standard error in development. */
  onMissingName?: OnMissingName | undefined;
}

/**
 * The template engine of a project: its own folder `templates` and those that its settings name, then those of its apps, the
 * last app first, and the libraries of all.
 */
export function openTemplates(settings: ProjectSettings, { onMissingName }: OpenOptions = {}): Engine {
  const { directories = [], builtins = [], libraries, loaders, stringIfInvalid } = settings.templates ?? {};
  const own = ["templates", ...directories].flatMap((folder) => existing(resolve(settings.root, folder)));
  return new Engine({
    directories: [...new Set([...own, ...[...settings.apps].reverse().flatMap(templatesOf)]), formTemplates],
    loaders,
    stringIfInvalid,
    libraries: Object.assign({}, ...settings.apps.map((app) => app.templateLibraries ?? {}), libraries),
    builtins: [staticLibrary, ...builtins],
    staticUrl: settings.staticUrl,
    mediaUrl: settings.mediaUrl,
    globals: { STATIC_URL: settings.staticUrl ?? "/static/", MEDIA_URL: settings.mediaUrl ?? "/media/" },
    staticFile: staticUrl,
    debug: settings.debug,
    onMissingName: onMissingName ?? (settings.debug ? reportOnce() : undefined),
    checkUrl: (name, given) => currentResolver().reverseProblem(name, given),
    reverse: (name, ...[args, kwargs, request]) =>
      currentResolver().reverse(name, args.length > 0 ? args : kwargs, { currentApp: currentApp(name, request) }),
  });
}

/** The namespace that an application's name means on the page of a request: that which the view says, or that of its own address. */
function currentApp(name: string, request: unknown): string | undefined {
  if (!name.includes(":") || !(request instanceof HttpRequest)) return undefined;
  return request.currentApp ?? request.resolved?.namespace;
}

function templatesOf(app: App): readonly string[] {
  return existing(app.templates ?? (app.directory ? join(app.directory, "templates") : undefined));
}

function existing(folder: string | undefined): readonly string[] {
  return folder && existsSync(folder) ? [folder] : [];
}

/** Says in development which name a context lacked, once for each place. */
function reportOnce(): OnMissingName {
  const said = new Set<string>();
  return (name, { template, line, excerpt }, known) => {
    const place = `${name} ${template}:${line}`;
    if (said.has(place)) return;
    said.add(place);
    const nearest = didYouMean(name, known());
    console.error(`The context of ${template} has no "${name}".${nearest ? ` ${nearest}` : ""}\n${excerpt}`);
  };
}
