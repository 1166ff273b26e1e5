import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "#kernel";
import type { Dialect } from "#orm";
import { type ModelElsewhere, modelName, modelsSource } from "#orm/introspection";
import { type DjangoDatabase, type DjangoModel, frameworkApps } from "./django-database.ts";

/** An app that was written for what Django had. */
export interface WrittenApp {
  readonly name: string;
  readonly models: readonly DjangoModel[];
  readonly files: readonly string[];
}

/** The models that need a class: not Django's own, and not the users, who have one already. */
export function modelsToWrite({ models, user }: DjangoDatabase): Map<string, DjangoModel[]> {
  return Map.groupBy(
    models.filter((model) => !frameworkApps.has(model.app) && model !== user),
    ({ app }) => app,
  );
}

/** The class of each table that gets one. */
export function classNames(found: DjangoDatabase): Map<string, string> {
  return new Map([...modelsToWrite(found).values()].flat().map(({ app, table }) => [table.name, modelName(table.name, app)]));
}

/** Writes an app's folder; undefined where there is one of that name already. */
export function writeApp(
  root: string,
  { name, models, dialect }: { name: string; models: readonly DjangoModel[]; dialect: Dialect },
  found: DjangoDatabase,
): WrittenApp | undefined {
  const folder = join(root, name);
  if (existsSync(folder)) return undefined;
  mkdirSync(folder, { recursive: true });
  const tables = models.map(({ table }) => table);
  const elsewhere = elsewhereFor(name, found);
  // Django keeps in its code what a deletion does: until somebody says it here, nothing is deleted that others refer to.
  const source = modelsSource(tables, {
    dialect,
    app: name,
    managed: true,
    onDelete: "protect",
    middle: found.middle,
    elsewhere,
  });
  writeFileSync(join(folder, "models.ts"), source);
  writeFileSync(join(folder, "app.ts"), appSource(name, 'import * as models from "./models.ts";\n', "models, "));
  return { name, models, files: [`${name}/app.ts`, `${name}/models.ts`] };
}

/** The text of an app's `app.ts`. */
export function appSource(name: string, imports: string, parts: string): string {
  return `import { defineApp } from "cortado";\n${imports}\nexport default defineApp({ name: "${name}", ${parts}directory: import.meta.dirname });\n`;
}

/** The models that an app's models may refer to, and where they are. */
function elsewhereFor(app: string, found: DjangoDatabase): Map<string, ModelElsewhere> {
  const names = classNames(found);
  const others = found.models.filter((model) => model.app !== app && names.has(model.table.name));
  const elsewhere = new Map<string, ModelElsewhere>(
    others.map((model) => [
      model.table.name,
      { name: names.get(model.table.name)!, from: `../${model.app}/models.ts`, key: model.table.primaryKey[0] },
    ]),
  );
  elsewhere.set("auth_group", { name: "Group", from: "cortado/auth" });
  elsewhere.set("auth_permission", { name: "Permission", from: "cortado/auth" });
  if (found.user) elsewhere.set(found.user.table.name, { name: '"@user"' });
  return elsewhere;
}

/** Reads an app that was just written. */
export async function importApp(root: string, name: string): Promise<App> {
  const module = (await import(pathToFileURL(join(root, name, "app.ts")).href)) as { default: App };
  return module.default;
}
