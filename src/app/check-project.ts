import { type CheckMessage, runChecks } from "#kernel";
import type { OpenProject } from "./open-project.ts";

/** Everything that can be verified before a project is served. */
export function checkProject({ settings }: Pick<OpenProject, "settings">): Promise<CheckMessage[]> {
  return runChecks(settings.apps.flatMap((app) => app.checks ?? []), settings);
}
