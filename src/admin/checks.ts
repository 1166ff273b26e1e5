import { type CheckMessage, nearestName, type ProjectSettings } from "#kernel";
import type { ModelClass } from "#orm";
import { textColumn } from "./lists/columns.ts";
import { findPath } from "./lists/field-path.ts";
import { filterFor } from "./lists/filters.ts";
import type { ModelAdmin } from "./model-admin.ts";

/** Addresses of the admin's own: an app of that name could not be reached. */
const ownAddresses = ["models", "runs", "search", "theme", "login", "logout", "password_change"];

/** What is wrong with the options of a project's admins: names of fields that are not there, filters that cannot be. */
export function checkAdmins(project: ProjectSettings): CheckMessage[] {
  const admins = project.apps.flatMap((app) => app.admin ?? []);
  return [...admins.flatMap(checkAdmin), ...twice(admins), ...hiddenApps(admins)];
}

function checkAdmin({ model, options }: ModelAdmin): CheckMessage[] {
  const names: [option: string, names: readonly string[], allowMembers: boolean][] = [
    ["listDisplay", (options.listDisplay ?? []).filter((entry) => typeof entry === "string"), true],
    ["listFilter", options.listFilter ?? [], false],
    ["searchFields", options.searchFields ?? [], false],
    ["ordering", (options.ordering ?? []).map((name) => name.replace(/^-/, "")), false],
    ["fields", options.form === undefined ? (options.fields ?? []) : [], true],
    ["exclude", options.exclude ?? [], false],
    ["fieldsets", options.form === undefined ? (options.fieldsets ?? []).flatMap((set) => [...set.fields]) : [], true],
    ["readonlyFields", Array.isArray(options.readonlyFields) ? options.readonlyFields : [], true],
  ];
  const unknown = names.flatMap(([option, given, allowMembers]) =>
    given.filter((name) => !isKnown(model, name, allowMembers)).map((name) => unknownField(model, option, name)),
  );
  return [...unknown, ...unfilterable(model, options.listFilter ?? []), ...manyInList(model, options.listDisplay ?? [])];
}

function isKnown(model: ModelClass, name: string, allowMembers: boolean): boolean {
  if (findPath(model, name) !== undefined) return true;
  return allowMembers && (name === textColumn || name === "__str__" || name in model.prototype);
}

function unknownField(model: ModelClass, option: string, name: string): CheckMessage {
  const known = [...model.meta.fields, ...model.meta.manyToMany].map((field) => field.name);
  const near = nearestName(name, known);
  return {
    level: "error",
    code: "ADMIN_CHECK_UNKNOWN_FIELD",
    message: `${option} of ${model.meta.label}'s admin names "${name}", which ${model.meta.label} does not have. It has: ${known.join(", ")}.`,
    hint: near === undefined ? undefined : `Did you mean "${near}"?`,
    object: model.meta.label,
  };
}

function unfilterable(model: ModelClass, names: readonly string[]): CheckMessage[] {
  return names.flatMap((name) => {
    const path = findPath(model, name);
    if (path === undefined || filterFor(path) !== undefined) return [];
    return [
      {
        level: "error",
        code: "ADMIN_CHECK_FILTER",
        message: `listFilter of ${model.meta.label}'s admin names "${name}", a ${path.field.kind}, for which there is no filter.`,
        hint: "Filters are made for booleans, choices, relations, dates and times. Look for text with searchFields.",
        object: model.meta.label,
      },
    ];
  });
}

function manyInList(model: ModelClass, names: readonly unknown[]): CheckMessage[] {
  const many = names.filter((name) => typeof name === "string" && model.meta.member(name)?.type === "manyToMany");
  return many.map((name) => ({
    level: "error",
    code: "ADMIN_CHECK_MANY_IN_LIST",
    message: `listDisplay of ${model.meta.label}'s admin names "${String(name)}", which holds many rows: one query for each line of the list.`,
    hint: "Use a column of your own: { name, value: (row) => … } over what the list's query annotates.",
    object: model.meta.label,
  }));
}

function twice(admins: readonly ModelAdmin[]): CheckMessage[] {
  const again = admins.filter((admin, at) => admins.findIndex((other) => other.model === admin.model) < at);
  return again.map(({ model }) => ({
    level: "warning",
    code: "ADMIN_CHECK_TWICE",
    message: `${model.meta.label} is registered in the admin more than once; the first registration counts.`,
    object: model.meta.label,
  }));
}

function hiddenApps(admins: readonly ModelAdmin[]): CheckMessage[] {
  const apps = new Set(admins.filter(({ model }) => model.meta.isRegistered).map(({ model }) => model.meta.app));
  return ownAddresses
    .filter((name) => apps.has(name))
    .map((name) => ({
      level: "error",
      code: "ADMIN_CHECK_APP_NAME",
      message: `The app "${name}" cannot be shown in the admin: its address /${name}/ is one of the admin's own pages.`,
      hint: "Give the app another name.",
      object: name,
    }));
}
