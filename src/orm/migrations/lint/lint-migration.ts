import type { Dialect } from "../../names.ts";
import { stepsOf } from "../execution/executor.ts";
import { type Migration, migrationKey } from "../migration.ts";
import type { Operation } from "../operations/operation.ts";
import { isOwnWork } from "../operations/run-operations.ts";
import type { ProjectState } from "../state/project-state.ts";
import type { Risk, RiskKind } from "./risk.ts";
import { riskRules } from "./risk-rules.ts";

/** A risk, with the operation that has it. */
export interface LintNote extends Risk {
  readonly safer: string;
  /** `shop.0003_coffee_price`. */
  readonly migration: string;
  /** `Add field price to Coffee`. */
  readonly operation: string;
  /** Whether the migration lists the kind in `accepts`. */
  readonly accepted: boolean;
}

/** What an operation of a migration means for a database in use. */
export function lintMigration(migration: Migration, before: ProjectState, dialect: Dialect = "postgres"): LintNote[] {
  const fresh = new Set<string>();
  const notes: LintNote[] = [];
  let hasSchema = false;
  for (const { operation, from } of stepsOf(migration, before)) {
    const { app } = migration;
    const { model, name, to } = operation.options as Record<string, string>;
    if (operation.kind === "createModel") fresh.add(name!);
    if (operation.kind === "renameModel" && fresh.has(String(operation.options["from"]))) fresh.add(to!);
    const rule = riskRules[operation.kind];
    const found = rule
      ? rule({ app, operation, from, afterSchema: hasSchema && migration.atomic })
      : (operation.risks?.(app, from) ?? []);
    // Nobody uses a table that was made a moment ago.
    const own = fresh.has(model ?? name ?? "") ? found.filter(({ kind }) => kind === "irreversible") : found;
    for (const risk of own) if (concerns(risk, dialect)) notes.push(note(risk, migration, operation));
    hasSchema ||= !isOwnWork(operation);
  }
  return notes;
}

/** On SQLite every writer waits for a migration, whatever it does. */
function concerns({ kind }: Risk, dialect: Dialect): boolean {
  return dialect === "postgres" || kind !== "locks";
}

function note(risk: Risk, migration: Migration, operation: Operation): LintNote {
  return {
    ...risk,
    safer: risk.safer ?? usualAdvice[risk.kind],
    migration: migrationKey(migration),
    operation: operation.describe(),
    accepted: migration.accepts.includes(risk.kind),
  };
}

const usualAdvice: Readonly<Record<RiskKind, string>> = {
  losesData: "Keep a copy of the values, and release code that does not need them first.",
  locks: "Run it when the table is hardly used.",
  mayFail: "Look for such rows first, and mend them in a migration of its own.",
  breaksRunningCode: "Release code that works with both shapes first.",
  irreversible: 'Give it `backward`; `() => {}` or "" says that nothing needs undoing.',
};
