import { syncPermissions } from "#auth";
import { registeredModels } from "#orm";
import { isHandler } from "#serving";
import type { OpenTables } from "./open-project.ts";

/** Makes the permissions that a project's models and handlers need, where it has users. */
export async function syncProjectPermissions({ settings: { apps } }: OpenTables): Promise<void> {
  if (!apps.some((app) => app.name === "auth")) return;
  const handlers = apps.flatMap((app) => Object.values(app.handlers ?? {})).filter(isHandler);
  await syncPermissions(
    registeredModels(),
    handlers.map((handler) => handler.name),
  );
}
