import { join } from "node:path";
import { declareModels } from "#serving";
import { keepDeclarations } from "./keep-declarations.ts";
import type { OpenProject } from "./open-project.ts";

/**
 * Writes `.cortado/models.d.ts`, by which the compiler knows what models take and give whose handlers do not say it, where it is
 * not what the models' files say now. Waits until they are loaded. Answers whether it was written.
 */
export async function keepModelTypes({ settings, services }: Pick<OpenProject, "settings" | "services">): Promise<boolean> {
  const { models } = services;
  if (models.list().length === 0) return false;
  await models.settled();
  return keepDeclarations(join(settings.root, ".cortado/models.d.ts"), declareModels(models.list()));
}
