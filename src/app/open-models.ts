import type { ProjectSettings } from "#kernel";
import { databaseAliasStore, modelsDirectory } from "#registry";
import { ModelServer } from "#serving";

/** The model server of a project: its apps' handlers, and the versions that its storage holds. */
export async function openModels(settings: ProjectSettings, closers: (() => Promise<void>)[]): Promise<ModelServer> {
  const hasRegistry = settings.apps.some((app) => app.name === "registry");
  const models = new ModelServer({
    handlers: settings.apps.flatMap((app) => Object.values(app.handlers ?? {})),
    directories: hasRegistry ? [modelsDirectory(settings)] : [],
    root: settings.root,
    ...settings.serving,
    aliases: hasRegistry ? databaseAliasStore() : undefined,
    log: console,
  });
  closers.push(() => models.close());
  await models.start();
  return models;
}
