import { type FieldState, isManyToMany, isRelation } from "../state/field-state.ts";
import type { Risk } from "./risk.ts";
import type { RiskContext } from "./risk-rules.ts";

interface NamedField {
  label: string;
  table: string;
  field: FieldState;
}

function named({ app, operation: { options } }: RiskContext): NamedField {
  const table = `${app}.${String(options["model"])}`;
  return { table, label: `${table}.${String(options["name"])}`, field: options["field"] as FieldState };
}

/** A new column that running code does not know, or that is filled, indexed or computed at once. */
export function addedFieldRisks(context: RiskContext): Risk[] {
  const { label, table, field } = named(context);
  const { options, kind } = field;
  if (isManyToMany(field) || kind === "compositePrimaryKey") return [];
  const risks: Risk[] = [];
  const message = `makes ${label} required, which code that still runs does not set`;
  const isOptional = options["null"] === true || options["dbDefault"] !== undefined || kind === "generated";
  if (!isOptional)
    risks.push({ kind: "breaksRunningCode", message, safer: "Give the field a `dbDefault`, or `null: true` at first." });
  if (kind === "generated") risks.push(rewrite(table, "Add a plain field, and fill it in batches."));
  if (isIndexed(field)) risks.push(indexBuild(label, options["unique"] === true));
  return risks;
}

/** A column that goes, with its values, while running code still reads it. */
export function removedFieldRisks(context: RiskContext): Risk[] {
  const { app, operation, from } = context;
  const { model, name } = operation.options as { model: string; name: string };
  const { label } = named(context);
  if (from.require(app, model).fields[name]?.kind === "generated") return [];
  const apart =
    "Release code without the field first, with separateDatabaseAndState({ state: [removeField(…)] }); remove the column later.";
  return [
    { kind: "losesData", message: `deletes every value of ${label}` },
    { kind: "breaksRunningCode", message: `takes the column ${label} away from code that still reads it`, safer: apart },
  ];
}

export function renamedFieldRisks({ app, operation, from }: RiskContext): Risk[] {
  const { model, from: old } = operation.options as { model: string; from: string };
  const field = from.requireField(app, model, old);
  if (field.options["dbColumn"] !== undefined) return [];
  const message = `renames the column ${app}.${model}.${old} under code that still uses the old name`;
  const keep = isRelation(field) ? `${old}_id` : old;
  return [{ kind: "breaksRunningCode", message, safer: `Keep the column's name: dbColumn: "${keep}".` }];
}

/** A column of another type, length or rule. */
export function alteredFieldRisks(context: RiskContext): Risk[] {
  const { app, operation, from } = context;
  const { label, table, field } = named(context);
  const { model, name } = operation.options as { model: string; name: string };
  const before = from.requireField(app, model, name);
  if (isManyToMany(field)) return [];
  const shorter = isShorter(before, field);
  const risks: Risk[] = [];
  if (shorter)
    risks.push({
      kind: "losesData",
      message: `values of ${label} longer than ${String(field.options["maxLength"])} are refused`,
      safer: "Shorten them first, in a migration of its own.",
    });
  if (shorter || isRewritten(before, field)) {
    risks.push(
      rewrite(table, "Add a new field, fill it in batches with run(), use it in the code, and remove the old one later."),
    );
  }
  if (before.options["null"] === true && field.options["null"] !== true) risks.push(...requiredRisks(label, table));
  if (!isIndexed(before) && isIndexed(field)) risks.push(indexBuild(label, field.options["unique"] === true));
  return risks;
}

function requiredRisks(label: string, table: string): Risk[] {
  const check = `addConstraint a check that it is not null with \`validate: false\`, then validateConstraint, then this.`;
  return [
    { kind: "locks", message: `reads or rewrites every row of ${table}`, safer: `On PostgreSQL: ${check}` },
    { kind: "breaksRunningCode", message: `makes ${label} required while running code may leave it empty` },
  ];
}

function rewrite(table: string, safer: string): Risk {
  return { kind: "locks", message: `reads or rewrites every row of ${table}`, safer };
}

function indexBuild(label: string, unique: boolean): Risk {
  const message = `blocks writes while the index of ${label} is built`;
  const safer = unique
    ? "Add it without `unique` first, look for doubles, and make it unique when the table is hardly used."
    : "Leave `dbIndex` out, and add an index with `concurrently: true` in a migration with `atomic: false`.";
  return { kind: "locks", message, safer };
}

function isIndexed({ options }: FieldState): boolean {
  return options["unique"] === true || options["dbIndex"] === true;
}

function isShorter(before: FieldState, after: FieldState): boolean {
  const [length, limit] = [before.options["maxLength"], after.options["maxLength"]];
  return limit !== undefined && (length === undefined ? before.kind === "text" : Number(limit) < Number(length));
}

/** Texts may grow without a copy; most other changes of type read and write the whole table. */
const textKinds = new Set(["char", "slug", "email", "url", "text", "filePath", "file", "image"]);

function isRewritten(before: FieldState, after: FieldState): boolean {
  const places = ["maxDigits", "decimalPlaces"].some((name) => before.options[name] !== after.options[name]);
  if (before.kind === after.kind) return places;
  if (isRelation(before) && isRelation(after)) return false;
  return !(textKinds.has(before.kind) && textKinds.has(after.kind));
}
