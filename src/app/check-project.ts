import { formsChecks } from "#forms";
import { httpChecks } from "#http";
import { type Check, type CheckMessage, runChecks } from "#kernel";
import { checkI18n } from "#kernel/i18n";
import { mailChecks } from "#mail";
import { checkModels } from "#orm";
import { checkMigrations } from "#orm/migrations";
import { checkServing } from "#serving";
import { checkTemplates } from "#templates";
import type { OpenProject } from "./open-project.ts";

/** Everything that can be verified before a project is served: the layers' own checks, then the apps'. Errors come first. */
export function checkProject({ settings, services }: Pick<OpenProject, "settings" | "services">): Promise<CheckMessage[]> {
  const layers: readonly Check[] = [
    checkI18n,
    checkModels,
    httpChecks,
    formsChecks,
    mailChecks,
    checkServing,
    () => checkTemplates(services.templates),
    ({ apps }) => checkMigrations(apps, services.databases["default"]),
  ];
  return runChecks([...layers, ...settings.apps.flatMap((app) => app.checks ?? [])], settings);
}
