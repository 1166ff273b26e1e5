import { database, transaction } from "#orm";
import { existingColumns } from "#orm/migrations";
import { Permission } from "./models.ts";

/**
 * Lets permissions follow models that migrations renamed or moved, so that those who were given them keep them.
 * A permission that exists under the new name already stays beside the old one.
 *
 * ```ts
 * await renamePermissions([{ from: "shop.Cafe", to: "shop.Coffee" }]); // shop.change_cafe → shop.change_coffee
 * ```
 */
export async function renamePermissions(renames: readonly { readonly from: string; readonly to: string }[]): Promise<void> {
  if (renames.length === 0 || !(await hasPermissions())) return;
  await transaction(async () => {
    for (const { from, to } of renames) await renameOf(from, to);
  });
}

/** A database that is only migrated to a target may have no users yet. */
async function hasPermissions(): Promise<boolean> {
  return (await existingColumns(database(), Permission.meta.table)).size > 0;
}

async function renameOf(from: string, to: string): Promise<void> {
  const [oldApp = "", oldName = ""] = from.split(".");
  const [app = "", subject = ""] = to.split(".");
  for (const permission of await Permission.objects.filter({ app: oldApp, subject: oldName })) {
    const codename = renamed(permission.codename, { oldApp, oldName, app, subject });
    if (codename !== permission.codename && (await Permission.objects.filter({ codename }).exists())) continue;
    const name = permission.name.replace(new RegExp(`\\b${words(oldName)}$`), words(subject));
    await Permission.objects.filter({ pk: permission.pk }).update({ app, subject, codename, name });
  }
}

interface Rename {
  oldApp: string;
  oldName: string;
  app: string;
  subject: string;
}

/** `shop.change_cafe` under the new app and model; a permission of the model's own keeps its last part. */
function renamed(codename: string, { oldApp, oldName, app, subject }: Rename): string {
  const own = codename.slice(oldApp.length + 1);
  const ending = `_${oldName.toLowerCase()}`;
  return `${app}.${own.endsWith(ending) ? own.slice(0, -ending.length) + `_${subject.toLowerCase()}` : own}`;
}

/** How a model is called in a sentence when it says nothing else: `CoffeeBean` is a coffee bean. */
function words(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}
