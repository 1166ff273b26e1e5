import { overrideLanguage } from "#kernel/i18n";
import { type ModelClass, transaction } from "#orm";
import { Permission } from "./models.ts";

/** What can be done to rows and to machine-learning models, each with its permission. */
const modelActions = ["add", "change", "delete", "view"] as const;
const handlerActions = ["predict", "train", "manage"] as const;

export type ModelAction = (typeof modelActions)[number];
export type HandlerAction = (typeof handlerActions)[number];

/**
 * The permission to do something to a model's rows.
 *
 * ```ts
 * permissionFor(Coffee, "change"); // "shop.change_coffee"
 * ```
 */
export function permissionFor(model: ModelClass, action: ModelAction): string {
  return `${model.meta.app}.${action}_${model.meta.slug}`;
}

/** The permission to use a machine-learning model: `models.predict_digits`. */
export function handlerPermission(handler: string, action: HandlerAction): string {
  return `models.${action}_${handler}`;
}

interface Wanted {
  codename: string;
  app: string;
  subject: string;
  name: string;
}

/**
 * Makes the permissions that models and handlers need and that are not there yet. Permissions whose model is gone stay:
 * someone may still be given them when it returns.
 *
 * ```ts
 * await syncPermissions(registeredModels(), ["digits"]);
 * ```
 * @returns the codenames that were made
 */
export async function syncPermissions(models: Iterable<ModelClass>, handlers: Iterable<string> = []): Promise<string[]> {
  const wanted = [...declaredModels([...models]).flatMap(wantedForModel), ...[...handlers].flatMap(wantedForHandler)];
  return transaction(async () => {
    const present = new Set((await Permission.objects.all()).map((permission) => permission.codename));
    const missing = wanted.filter(({ codename }) => !present.has(codename));
    if (missing.length > 0) await Permission.objects.bulkCreate(missing.map((values) => new Permission(values)));
    return missing.map(({ codename }) => codename);
  });
}

/** Middle tables that nobody declared have no permissions of their own. */
function declaredModels(models: readonly ModelClass[]): ModelClass[] {
  const relations = models.flatMap((model) => model.meta.manyToMany);
  const made = new Set(relations.filter((field) => field.options.through === undefined).map((field) => field.relation.through));
  return models.filter((model) => !made.has(model));
}

function wantedForModel(model: ModelClass): Wanted[] {
  const { app, name } = model.meta;
  const verboseName = overrideLanguage(null, () => model.meta.verboseName); // kept in the database, for every language
  const { defaultPermissions = modelActions, permissions = {} } = model.meta.options;
  const byDefault = defaultPermissions.map((action) => [
    permissionFor(model, action as ModelAction),
    `Can ${action} ${verboseName}`,
  ]);
  const own = Object.entries(permissions).map(([codename, text]) => [`${app}.${codename}`, text]);
  return [...byDefault, ...own].map(([codename, text]) => ({ codename: codename!, app, subject: name, name: text! }));
}

function wantedForHandler(handler: string): Wanted[] {
  return handlerActions.map((action) => ({
    codename: handlerPermission(handler, action),
    app: "models",
    subject: handler,
    name: `Can ${action} ${handler}`,
  }));
}
