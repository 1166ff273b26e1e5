import type { RiskKind } from "./lint/risk.ts";
import type { Operation } from "./operations/operation.ts";
import type { ProjectState } from "./state/project-state.ts";

/** An app and the name of one of its migrations; `__first__` and `__latest__` stand for its ends, `@user` for the user model's app. */
export type MigrationReference = readonly [app: string, name: string];

/** What a migration file says of itself. */
export interface MigrationOptions {
  /** The migrations that must be applied before this one. */
  dependencies?: readonly MigrationReference[];
  operations: readonly Operation[];
  /** False lets each operation be its own transaction; a failure then keeps the operations before it. */
  atomic?: boolean;
  /** The migrations that this one was squashed from. */
  replaces?: readonly MigrationReference[];
  /** Migrations of other apps that must come after this one, though they do not say so. */
  runBefore?: readonly MigrationReference[];
  /** What the linter would say of this migration and its author has thought of: `["losesData"]`. */
  accepts?: readonly RiskKind[];
}

/** What a migration file exports. */
export interface MigrationDeclaration extends Required<MigrationOptions> {
  readonly [migrationMark]: true;
}

const migrationMark: unique symbol = Symbol.for("cortado.migration");

/**
 * Declares a migration, the default export of a file in an app's `migrations` folder.
 *
 * ```ts
 * export default migration({
 *   dependencies: [["shop", "0001_initial"]],
 *   operations: [addField({ model: "Coffee", name: "price", field: integer({ default: 0 }) })],
 * });
 * ```
 */
export function migration({
  dependencies = [],
  operations,
  atomic = true,
  replaces = [],
  runBefore = [],
  accepts = [],
}: MigrationOptions): MigrationDeclaration {
  return { dependencies, operations, atomic, replaces, runBefore, accepts, [migrationMark]: true };
}

/** Whether a value is what `migration()` gives. */
export function isMigrationDeclaration(value: unknown): value is MigrationDeclaration {
  return typeof value === "object" && value !== null && migrationMark in value;
}

/** A migration with its place: the app that it belongs to and its name, from the file's. */
export interface Migration extends MigrationDeclaration {
  readonly app: string;
  readonly name: string;
  readonly file?: string | undefined;
}

/** `shop.0001_initial`. */
export function migrationKey(migration: { app: string; name: string }): string {
  return `${migration.app}.${migration.name}`;
}

/** Replays a migration's operations on a state. */
export function applyMigration(migration: Migration, state: ProjectState): void {
  for (const position of migration.operations.keys()) applyOperation(migration, position, state);
}

/** Replays one operation of a migration on a state; what goes wrong says which one it was. */
export function applyOperation(migration: Migration, position: number, state: ProjectState): void {
  const operation = migration.operations[position]!;
  state.place = `operation ${position + 1} of ${migration.operations.length} of ${migrationKey(migration)}, "${operation.describe()}"`;
  operation.applyToState(migration.app, state);
  state.place = undefined;
}
