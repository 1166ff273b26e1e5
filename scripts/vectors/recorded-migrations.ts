import type { FieldState } from "../../src/orm/migrations/state/field-state.ts";
import { partLabel } from "../../src/orm/migrations/state/parts.ts";
import type { Migration } from "../../src/orm/migrations/migration.ts";
import type { ModelState } from "../../src/orm/migrations/state/project-state.ts";

import { camelCase } from "./recorded.ts";

/*
 * Recorded models and migrations, as the ones of Cortado: a field becomes its kind and options, a together-option
 * becomes constraints without a name, and operations of both sides become sentences of one form.
 */

/** A value as it was recorded: plain JSON, with `$t` where a type is meant. */
type Recorded = any;

interface RecordedModel {
  app_label: string;
  name: string;
  fields: [string, Recorded][];
  options: Record<string, Recorded>;
  bases: Recorded[];
}

export interface RecordedCase {
  id: string;
  test: string;
  before: RecordedModel[];
  after: RecordedModel[];
  questioner: { defaults: Record<string, unknown> };
  AUTH_USER_MODEL: string;
  expect: Record<string, { name: string; dependencies: [string, string][]; operations: Recorded[] }[]>;
}

type Canonical = Record<string, { dependencies: string[]; operations: string[] }[]>;

/** The models of one side. They are in the order of their names, as the recorded detector takes them. */
export function stateOf(recorded: RecordedCase, side: "before" | "after"): ModelState[] {
  const keys = keysOf(recorded);
  const models = [...recorded[side]].sort((a, b) =>
    a.app_label + a.name.toLowerCase() < b.app_label + b.name.toLowerCase() ? -1 : 1,
  );
  return models.map((model) => ({
    app: model.app_label,
    name: model.name,
    fields: Object.fromEntries(model.fields.map(([name, field]) => [name, fieldOf(field, keys)])),
    options: optionsOf(model.options, model.bases, keys),
  }));
}

export function swappedModel(recorded: RecordedCase): string {
  return keysOf(recorded)(recorded.AUTH_USER_MODEL);
}

type Keys = (key: string) => string;

/** The key of a model as it is declared, from one in small letters. */
function keysOf({ before, after }: RecordedCase): Keys {
  const known = new Map(
    [...before, ...after].map(({ app_label: app, name }) => [`${app}.${name}`.toLowerCase(), `${app}.${name}`]),
  );
  return (key) => known.get(key.toLowerCase()) ?? key;
}

function plain(value: Recorded): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (value.$t === "function" || value.$t === "class") return value.name.replace(/^.*\./, "").toLowerCase();
  if (value.$t === "mfield") return fieldOf(value, (key) => key);
  if ("v" in value) return plain(value.v);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [camelCase(key), plain(entry)]));
}

function fieldOf({ path, args, kwargs }: Recorded, keys: Keys): FieldState {
  const name = String(path)
    .replace(/^.*\./, "")
    .replace(/Field$/, "");
  const kind = name.charAt(0).toLowerCase() + name.slice(1);
  const options = plain(kwargs) as Record<string, unknown>;
  if (kwargs.to !== undefined) options["to"] = kwargs.to.$t === "setting_reference" ? "@user" : keys(kwargs.to);
  if (kwargs.through !== undefined) options["through"] = keys(kwargs.through);
  if (kwargs.expression !== undefined) options["expression"] = JSON.stringify(kwargs.expression);
  return { kind, options: args.length === 0 ? options : { ...options, parts: plain(args) } };
}

function optionsOf(options: Record<string, Recorded>, bases: Recorded[], keys: Keys): ModelState["options"] {
  const { indexes = [], constraints = [], unique_together: sets = [], verbose_name: _label, ...others } = options;
  const together = plain(sets) as string[][];
  const rules = [...constraints.map(constraintOf), ...together.map((fields) => ({ type: "unique", fields }))];
  const parents = bases.filter((base) => typeof base === "string" && /^\w+\.\w+$/.test(base)).map((base) => keys(base));
  return {
    ...(plain(others) as object),
    ...(indexes.length > 0 && { indexes: indexes.map((index: Recorded) => plain(index.kwargs)) }),
    ...(rules.length > 0 && { constraints: rules }),
    ...(parents.length > 0 && { bases: parents }),
  } as ModelState["options"];
}

function constraintOf({ path, kwargs }: Recorded): Record<string, unknown> {
  const type = /Check/.test(path) ? "check" : "unique";
  return { type, ...(plain(kwargs) as object), ...(kwargs.condition && { condition: JSON.stringify(kwargs.condition) }) };
}

/** Recorded migrations, as sentences. */
export function canonicalRecorded(recorded: RecordedCase): Canonical {
  const together = new Map(
    recorded.before.map(({ app_label: app, name, options }) => [
      `${app}.${name}`.toLowerCase(),
      setsOf(options["unique_together"]),
    ]),
  );
  const entries = Object.entries(recorded.expect).map(([app, list]) => [
    app,
    list.map(({ dependencies, operations }) => ({
      dependencies: dependencies
        .map(([owner, name]) => (owner === "__setting__" ? "@user.__first__" : `${owner}.${name}`))
        .sort(),
      operations: operations.flatMap((operation) => recordedOperation({ app, operation, together })),
    })),
  ]);
  return Object.fromEntries(entries) as Canonical;
}

function setsOf(value: Recorded): string[] {
  return ((plain(value ?? []) as string[][]) ?? []).map((fields) => fields.join("_")).sort();
}

interface RecordedOperation {
  app: string;
  operation: Recorded;
  together: Map<string, string[]>;
}

function recordedOperation({ app, operation, together }: RecordedOperation): string[] {
  const { name: kind, args, kwargs } = operation as { name: string; args: unknown[]; kwargs: Recorded };
  const model = String(kwargs.model_name ?? kwargs.name ?? args[0] ?? "").toLowerCase();
  const key = `${app}.${model}`.toLowerCase();
  if (kind === "AlterUniqueTogether") {
    const [before, after] = [together.get(key) ?? [], setsOf(kwargs.unique_together)];
    together.set(key, after);
    return [
      ...before.filter((one) => !after.includes(one)).map((one) => `removeConstraint ${model} ${one}`),
      ...after.filter((one) => !before.includes(one)).map((one) => `addConstraint ${model} ${one}`),
    ];
  }
  if (kind === "RenameField") {
    const renamed = (sets: string[]): string[] =>
      sets.map((one) =>
        one
          .split("_")
          .map((word) => (word === kwargs.old_name ? kwargs.new_name : word))
          .join("_"),
      );
    together.set(key, renamed(together.get(key) ?? []));
    return [`renameField ${model} ${kwargs.old_name} ${kwargs.new_name}`];
  }
  if (kind === "CreateModel") return [createdSentence(app, operation)];
  if (kind === "RenameModel")
    return [`renameModel ${kwargs.old_name} ${kwargs.new_name}`.toLowerCase().replace("renamemodel", "renameModel")];
  if (kind === "AddField" || kind === "AlterField") {
    const { kind: type, options } = fieldOf(kwargs.field, (one) => one);
    if (kwargs.preserve_default === false) delete (options as Record<string, unknown>)["default"];
    return [
      `${kind === "AddField" ? "addField" : "alterField"} ${model} ${kwargs.name} ${fieldSentence({ kind: type, options })}`,
    ];
  }
  return [simpleSentence(kind, model, kwargs)];
}

function simpleSentence(kind: string, model: string, kwargs: Recorded): string {
  if (kind === "RemoveField") return `removeField ${model} ${kwargs.name}`;
  if (kind === "AddIndex") return `addIndex ${model} ${kwargs.index.kwargs.name}`;
  if (kind === "RenameIndex") return `renameIndex ${model} ${kwargs.old_name} ${kwargs.new_name}`;
  if (kind === "AddConstraint" || kind === "AlterConstraint")
    return `${kind.charAt(0).toLowerCase()}${kind.slice(1)} ${model} ${kwargs.constraint.kwargs.name}`;
  if (kind === "RemoveConstraint") return `removeConstraint ${model} ${kwargs.name}`;
  if (kind === "AlterOrderWithRespectTo") return `alterOrderWithRespectTo ${model} ${kwargs.order_with_respect_to}`;
  if (kind === "AlterModelTable") return `alterModelTable ${model} ${kwargs.table}`;
  if (kind === "AlterModelTableComment") return `alterModelTableComment ${model} ${kwargs.table_comment}`;
  return `${kind.charAt(0).toLowerCase()}${kind.slice(1)} ${model}`;
}

function createdSentence(app: string, { kwargs }: Recorded): string {
  const fields = kwargs.fields.map((pair: Recorded) => (plain(pair) as [string])[0]);
  const states = kwargs.fields.map((pair: Recorded) => fieldOf((pair.v ?? pair)[1], (one) => one)) as FieldState[];
  const options = optionsOf(kwargs.options ?? {}, kwargs.bases?.v ?? kwargs.bases ?? [], (one) => one);
  const named = Object.fromEntries(fields.map((name: string, at: number) => [name, states[at]]));
  return creationSentence({ app, name: kwargs.name, fields: named, options });
}

function creationSentence({ name, fields, options }: ModelState): string {
  const columns = Object.entries(fields)
    .map(([field, state]) => `${field}: ${fieldSentence(state)}`)
    .sort();
  const { indexes = [], constraints = [], ...others } = options;
  const parts = [...indexes, ...constraints].map((part) => partLabel(part)).sort();
  const rest = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([option, value]) => `${option}=${JSON.stringify(value)}`)
    .sort();
  return `createModel ${[name, ...columns, ...parts, ...rest].join("; ")}`.toLowerCase();
}

function fieldSentence({ kind, options }: FieldState): string {
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${kind}(${entries.sort().join(", ")})`.toLowerCase();
}

/** Migrations that Cortado made, as sentences. */
export function canonicalMade(migrations: readonly Migration[]): Canonical {
  const numbers = new Map<string, string>();
  const made: Canonical = {};
  for (const { app, name } of migrations) {
    made[app] ??= [];
    numbers.set(`${app}.${name}`, `${app}.auto_${[...numbers.keys()].filter((key) => key.startsWith(`${app}.`)).length + 1}`);
  }
  for (const { app, dependencies, operations } of migrations) {
    const references = dependencies.map((reference) => numbers.get(reference.join(".")) ?? reference.join("."));
    made[app]!.push({
      dependencies: references.sort(),
      operations: operations.map(({ kind, options }) => madeSentence(app, kind, options)),
    });
  }
  return made;
}

function madeSentence(app: string, kind: string, options: Record<string, any>): string {
  const model = String(options["model"] ?? options["name"] ?? "").toLowerCase();
  if (kind === "createModel")
    return creationSentence({ app, name: options["name"], fields: options["fields"], options: options["options"] });
  if (kind === "renameModel") return `renameModel ${options["from"].toLowerCase()} ${options["to"].toLowerCase()}`;
  if (kind === "addField" || kind === "alterField")
    return `${kind} ${model} ${options["name"]} ${fieldSentence(options["field"])}`;
  if (kind === "renameField" || kind === "renameIndex") return `${kind} ${model} ${options["from"]} ${options["to"]}`;
  if (kind === "removeField") return `removeField ${model} ${options["name"]}`;
  if (kind === "alterOrderWithRespectTo") return `${kind} ${model} ${options["relation"]}`;
  if (kind === "alterModelTable") return `${kind} ${model} ${options["table"]}`;
  if (kind === "alterModelTableComment") return `${kind} ${model} ${options["comment"]}`;
  const part = options["index"] ?? options["constraint"];
  return part ? `${kind} ${model} ${partLabel(part)}` : `${kind} ${model}`;
}
