import { dirname, join, sep } from "node:path";
import { createServer, json, path, Resolver } from "#http";
import type { ProjectSettings } from "#kernel";
import { declareTemplates } from "#templates";
import { requestContext, usualContextNames } from "#views";
import { keepDeclarations } from "./keep-declarations.ts";
import type { OpenProject } from "./open-project.ts";

/** Cortado's own templates are not the project's. */
const framework = dirname(import.meta.dirname);

/**
 * Writes `.cortado/templates.d.ts`, by which the compiler checks `template<Context>("name.html")`, where it is not what the
 * project's templates read now. Answers whether it was written. A folder that cannot be written to is left as it is.
 */
export async function keepTemplateTypes(open: Pick<OpenProject, "settings" | "services">): Promise<boolean> {
  const file = join(open.settings.root, ".cortado/templates.d.ts");
  const isOwn = (origin: string) => !origin.startsWith(framework + sep);
  const text = declareTemplates(open.services.templates, { given: await contextNames(open), isOwn });
  return keepDeclarations(file, text);
}

/** The settings without those by which the question would be sent elsewhere, or would need what a visitor leaves. */
function plain(settings: ProjectSettings): ProjectSettings {
  const security = { ...settings.security, sslRedirect: false };
  return { ...settings, session: { store: "memory" }, security, prependWww: false, urlPrefix: undefined };
}

/** The names that every context has: what the project's context processors give to a visitor who asks for `/`. */
async function contextNames({ settings, services }: Pick<OpenProject, "settings" | "services">): Promise<readonly string[]> {
  if (settings.apps.every((app) => app.contextProcessor === undefined)) return usualContextNames;
  const resolver = new Resolver([path("", async (request) => json(Object.keys(await requestContext(request))))]);
  const server = await createServer({ services: { ...services, settings: plain(settings) }, resolver, middleware: [] });
  try {
    const answer = await server.inject({ url: "/", headers: { host: settings.allowedHosts?.find((host) => /^[\w-]/.test(host)) ?? "localhost" } }); // prettier-ignore
    return answer.statusCode === 200 ? answer.json<string[]>() : usualContextNames;
  } finally {
    await server.close();
  }
}
