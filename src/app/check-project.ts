import { cacheChecks } from "#cache";
import { formsChecks } from "#forms";
import { httpChecks, httpDeployChecks } from "#http";
import { type Check, type CheckMessage, runChecks } from "#kernel";
import { checkI18n } from "#kernel/i18n";
import { mailChecks } from "#mail";
import { checkModels } from "#orm";
import { checkMigrations } from "#orm/migrations";
import { checkServing } from "#serving";
import { checkTemplateFolders, checkTemplates } from "#templates";
import { sessionStoreChecks } from "#views";
import type { OpenProject } from "./open-project.ts";

/** What `checkProject` looks at besides. */
export interface CheckOptions {
  /** Also what a site that strangers visit had better have. */
  deploy?: boolean | undefined;
}

/** What is asked only before a deployment. */
const deployChecks: readonly Check[] = [httpDeployChecks];

/** Everything that can be verified before a project is served: the layers' own checks, then the apps'. Errors come first. */
export function checkProject(
  { settings, services }: Pick<OpenProject, "settings" | "services">,
  { deploy = false }: CheckOptions = {},
): Promise<CheckMessage[]> {
  const layers: readonly Check[] = [
    checkI18n,
    checkModels,
    httpChecks,
    formsChecks,
    mailChecks,
    cacheChecks,
    sessionStoreChecks,
    checkServing,
    checkTemplateFolders,
    () => checkTemplates(services.templates),
    ({ apps }) => checkMigrations(apps, services.databases["default"]),
    ...(deploy ? deployChecks : []),
  ];
  return runChecks([...layers, ...settings.apps.flatMap((app) => app.checks ?? [])], settings);
}
