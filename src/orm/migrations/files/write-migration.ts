import { fieldBuilders, relationBuilders } from "../field-builders.ts";
import type { FieldState } from "../field-state.ts";
import type { Migration } from "../migration.ts";
import type { Operation } from "../operations/operation.ts";
import { PrintedBlock, PrintedCall, printValue } from "./print-value.ts";

const ormDoor = "cortado/orm";
const migrationsDoor = "cortado/orm/migrations";

/** Options that hold a field. */
type FieldOption = "field" | "fields";

/**
 * A migration as a TypeScript file: formatted, importing only what it uses, and with a remark over every
 * operation that loses data.
 */
export function migrationSource(migration: Migration, remarks: (operation: Operation) => readonly string[] = () => []): string {
  const imports = new ImportList();
  imports.add(migrationsDoor, "migration");
  const lines = migration.operations.map((operation) => {
    const comments = remarks(operation).map((text) => `    // ${text}\n`);
    return `${comments.join("")}    ${printValue(operationCall(operation), imports, 4, 4)},`;
  });
  const dependencies = printValue(migration.dependencies, imports, 2, "  dependencies: ".length);
  const parts = [`  dependencies: ${dependencies},`];
  if (migration.replaces.length > 0)
    parts.push(`  replaces: ${printValue(migration.replaces, imports, 2, "  replaces: ".length)},`);
  if (!migration.atomic) parts.push("  atomic: false,");
  parts.push(lines.length === 0 ? "  operations: []," : `  operations: [\n${lines.join("\n")}\n  ],`);
  return `${imports.print()}\nexport default migration({\n${parts.join("\n")}\n});\n`;
}

function operationCall({ kind, options }: Operation): PrintedCall {
  const printed = Object.entries(options)
    .filter(([, value]) => value !== undefined && !isEmptyObject(value))
    .map(([name, value]) => [name, printedOption(name, value)] as const);
  return new PrintedCall(migrationsDoor, kind, Object.fromEntries(printed));
}

function printedOption(name: string, value: unknown): unknown {
  const option = name as FieldOption | "index" | "constraint" | "options";
  if (option === "field") return fieldCall(value as FieldState);
  if (option === "fields") {
    const fields = Object.entries(value as Record<string, FieldState>).map(([key, field]) => [key, fieldCall(field)]);
    return new PrintedBlock(Object.fromEntries(fields));
  }
  return value;
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value).length === 0
  );
}

function fieldCall({ kind, options }: FieldState): unknown {
  if (kind in relationBuilders) {
    const { to, ...others } = options;
    return new PrintedCall(ormDoor, kind, others, to);
  }
  return kind in fieldBuilders ? new PrintedCall(ormDoor, kind, { ...options }) : { kind, options };
}

/** The imports of a file, sorted by door and by name. */
class ImportList {
  readonly #names = new Map<string, Set<string>>();

  add(door: string, name: string): void {
    this.#names.set(door, (this.#names.get(door) ?? new Set()).add(name));
  }

  print(): string {
    const doors = [...this.#names].sort(([a], [b]) => (a < b ? -1 : 1));
    return doors.map(([door, names]) => printImport(door, [...names].sort())).join("");
  }
}

function printImport(door: string, names: readonly string[]): string {
  const line = `import { ${names.join(", ")} } from "${door}";\n`;
  if (line.length <= 101) return line;
  return `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "${door}";\n`;
}
