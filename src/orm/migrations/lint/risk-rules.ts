import type { Operation } from "../operations/operation.ts";
import type { ProjectState } from "../state/project-state.ts";
import { addedFieldRisks, alteredFieldRisks, removedFieldRisks, renamedFieldRisks } from "./field-risks.ts";
import type { Risk } from "./risk.ts";

/** An operation where it stands. */
export interface RiskContext {
  readonly app: string;
  readonly operation: Operation;
  readonly from: ProjectState;
  /** Whether operations before it in the same transaction hold locks until it ends. */
  readonly afterSchema: boolean;
}

type RiskRule = (context: RiskContext) => Risk[];

/** What each operation risks. Those that are not here risk nothing, or say it themselves. */
export const riskRules: Readonly<Record<string, RiskRule>> = {
  deleteModel: deletedModelRisks,
  renameModel: ({ app, operation }) => renamedTable(`${app}.${String(operation.options["from"])}`),
  moveModel: ({ operation }) => renamedTable(String(operation.options["from"])),
  alterModelTable: ({ app, operation }) => renamedTable(`${app}.${String(operation.options["model"])}`),
  addField: addedFieldRisks,
  removeField: removedFieldRisks,
  alterField: alteredFieldRisks,
  renameField: renamedFieldRisks,
  addIndex: addedIndexRisks,
  addConstraint: addedConstraintRisks,
  run: codeRisks,
  runSQL: (context) => [...codeRisks(context), ...sqlRisks(context)],
};

function deletedModelRisks({ app, operation, from }: RiskContext): Risk[] {
  const name = String(operation.options["name"]);
  const label = `${app}.${name}`;
  const { options } = from.require(app, name);
  if (options.proxy === true || options.managed === false) return [];
  return [
    {
      kind: "losesData",
      message: `deletes every row of ${label}`,
      safer: "Put the table aside with alterModelTable, and delete it some releases later.",
    },
    {
      kind: "breaksRunningCode",
      message: `takes the table of ${label} away from code that still runs`,
      safer: "Release code that does not use the model first.",
    },
  ];
}

function renamedTable(label: string): Risk[] {
  const message = `renames the table of ${label} under code that still uses the old name`;
  const safer = `Keep the table's name: dbTable: "…" in the model's options.`;
  return [{ kind: "breaksRunningCode", message, safer }];
}

function addedIndexRisks({ app, operation: { options } }: RiskContext): Risk[] {
  if (options["concurrently"] === true) return [];
  const message = `blocks writes while the index of ${app}.${String(options["model"])} is built`;
  return [{ kind: "locks", message, safer: "Say `concurrently: true` in the operation and `atomic: false` in its migration." }];
}

function addedConstraintRisks({ app, operation: { options } }: RiskContext): Risk[] {
  if (options["validate"] === false) return [];
  const { type } = options["constraint"] as { type: string };
  const label = `${app}.${String(options["model"])}`;
  const later = "Say `validate: false` in the operation, and add validateConstraint in a later migration.";
  const safer = type === "check" ? later : "Run it when the table is hardly used, after a look at the rows.";
  return [
    { kind: "locks", message: `reads every row of ${label} while nobody can write`, safer },
    { kind: "mayFail", message: `fails where rows of ${label} break the rule` },
  ];
}

function codeRisks({ operation, afterSchema }: RiskContext): Risk[] {
  const risks: Risk[] = [];
  const { kind, reversible } = operation;
  if (!reversible) risks.push({ kind: "irreversible", message: "cannot be undone" });
  if (afterSchema && kind === "run") {
    const message = "works on rows while its transaction holds the locks of the operations before it";
    risks.push({ kind: "locks", message, safer: "Put it into a migration of its own." });
  }
  return risks;
}

function sqlRisks({ operation: { options } }: RiskContext): Risk[] {
  const sql = [options["forward"]].flat().join(";\n");
  const risks: Risk[] = [];
  if (/\b(?:DROP\s+(?:TABLE|COLUMN)|TRUNCATE|DELETE\s+FROM)\b/i.test(sql))
    risks.push({ kind: "losesData", message: "deletes tables, columns or rows" });
  if (/\bCREATE\s+(?:UNIQUE\s+)?INDEX\b(?!\s+CONCURRENTLY)/i.test(sql))
    risks.push({
      kind: "locks",
      message: "blocks writes while an index is built",
      safer: "Write CREATE INDEX CONCURRENTLY, with `atomic: false`.",
    });
  return risks;
}
