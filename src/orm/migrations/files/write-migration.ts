import { builderImport, fieldBuilders, relationBuilders } from "../state/field-builders.ts";
import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import type { FieldState } from "../state/field-state.ts";
import type { Migration } from "../migration.ts";
import type { StateOptions } from "../state/project-state.ts";
import type { Operation } from "../operations/operation.ts";
import { ImportList } from "../../source/import-list.ts";
import { printComment } from "../../source/print-comment.ts";
import { PrintedBlock, PrintedCall, printValue } from "../../source/print-value.ts";

const ormDoor = "cortado/orm";
const migrationsDoor = "cortado/orm/migrations";

/** What a written migration has beside its operations. */
export interface SourceExtras {
  /** Lines of comment over an operation. */
  remarks?: ((operation: Operation) => readonly string[]) | undefined;
  /** Import statements that copied functions need. */
  statements?: readonly string[] | undefined;
}

/**
 * A migration as a TypeScript file: formatted, importing only what it uses, and with a remark over every
 * operation that loses data.
 */
export function migrationSource(migration: Migration, { remarks = () => [], statements = [] }: SourceExtras = {}): string {
  const imports = new ImportList();
  imports.add(migrationsDoor, "migration");
  const lines = migration.operations.map((operation) => {
    const comments = remarks(operation).map((text) => printComment(text, 4));
    return `${comments.join("")}    ${printValue(operationCall(operation), { imports, indent: 4, before: 4, after: 1 })},`;
  });
  const part = (name: string, value: unknown): string =>
    `  ${name}: ${printValue(value, { imports, indent: 2, before: name.length + 4, after: 1 })},`;
  const parts = [part("dependencies", migration.dependencies)];
  for (const name of ["replaces", "runBefore", "accepts"] as const)
    if (migration[name].length > 0) parts.push(part(name, migration[name]));
  if (!migration.atomic) parts.push("  atomic: false,");
  parts.push(lines.length === 0 ? "  operations: []," : `  operations: [\n${lines.join("\n")}\n  ],`);
  return `${imports.print()}${statements.map((line) => `${line}\n`).join("")}\nexport default migration({\n${parts.join("\n")}\n});\n`;
}

function operationCall({ kind, options, door = migrationsDoor }: Operation): PrintedCall {
  const printed = Object.entries(options)
    .filter(([, value]) => value !== undefined && !isEmptyObject(value))
    .map(([name, value]) => [name, (printers[name] ?? asItIs)(value)] as const);
  return new PrintedCall({ door, name: kind }, [Object.fromEntries(printed)]);
}

const asItIs = (value: unknown): unknown => value;

/** How the options of operations are written that are more than plain values. */
const printers: Readonly<Record<string, (value: any) => unknown>> = {
  field: fieldCall,
  fields: (fields: Record<string, FieldState>) => new PrintedBlock(mapValues(fields, fieldCall)),
  state: (operations: readonly Operation[]) => operations.map(operationCall),
  database: (operations: readonly Operation[]) => operations.map(operationCall),
  index: indexCall,
  constraint: constraintCall,
  options: ({ indexes, constraints, ...options }: StateOptions) => ({
    ...options,
    indexes: indexes?.map(indexCall),
    constraints: constraints?.map(constraintCall),
  }),
};

function mapValues<A, B>(values: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}

function isEmptyObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((entry) => entry === undefined);
}

function ormCall(name: string, ...values: unknown[]): PrintedCall {
  return builderCall({ door: ormDoor, name }, values);
}

function builderCall(callee: PrintedCall["callee"], values: readonly unknown[]): PrintedCall {
  return new PrintedCall(
    callee,
    values.filter((value) => !isEmptyObject(value)),
  );
}

function fieldCall({ kind, options }: FieldState): unknown {
  const { to, ...others } = options;
  if (kind in relationBuilders) return ormCall(kind, to, inReadingOrder(others));
  if (!(kind in fieldBuilders)) return { kind, options };
  if (kind === "compositePrimaryKey") return ormCall(kind, ...(options["fields"] as readonly string[]));
  if (isField(options["base"])) {
    const { base, ...own } = options;
    return builderCall(builderImport(kind), [fieldCall(base as FieldState), inReadingOrder(own)]);
  }
  const printed = kind === "generated" ? { ...options, output: fieldCall(options["output"] as FieldState) } : options;
  return builderCall(builderImport(kind), [inReadingOrder(printed)]);
}

/** Whether an option is a field itself, that of a list's items. */
function isField(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value && "options" in value;
}

/** What makes the type stands first, the rest as it was declared. */
function inReadingOrder(options: FieldState["options"]): FieldState["options"] {
  const first = ["onDelete", "primaryKey", "maxLength", "maxDigits", "decimalPlaces", "null"].filter((name) => name in options);
  return Object.fromEntries([...new Set([...first, ...Object.keys(options)])].map((name) => [name, options[name]]));
}

function indexCall({ fields, ...options }: Index): PrintedCall {
  return ormCall("index", fields, options);
}

function constraintCall(constraint: Constraint): PrintedCall {
  if (constraint.type === "check") {
    const { type: _type, name, condition, ...options } = constraint;
    return ormCall("check", name, condition, options);
  }
  if (constraint.type === "exclusion") {
    const { type: _type, name, ...options } = constraint;
    return ormCall("exclusion", name, options);
  }
  const { type: _type, fields, ...options } = constraint;
  return ormCall("unique", fields, options);
}
