/*
 * Holds the autodetector against what another framework's tests recorded of theirs:
 *
 *   node --conditions=cortado-source scripts/vectors/compare-autodetector.ts autodetector.json [ID …]
 *
 * Each recorded case has models before and after and the migrations that came of them. Names are compared without
 * case, fields of a created model without order, and `AlterUniqueTogether` as the constraints it adds and removes.
 * Prints how many cases agree and, for the others, both sides. With ids, only these cases.
 */
import { arrangeChanges } from "../../src/orm/migrations/autodetector/arrange-changes.ts";
import { detectChanges } from "../../src/orm/migrations/autodetector/detect-changes.ts";
import { Answers } from "../../src/orm/migrations/autodetector/questions.ts";
import { MigrationGraph } from "../../src/orm/migrations/graph.ts";
import type { Migration } from "../../src/orm/migrations/migration.ts";
import { ProjectState } from "../../src/orm/migrations/state/project-state.ts";
import { recordedCases } from "./recorded.ts";
import { canonicalMade, canonicalRecorded, type RecordedCase, stateOf, swappedModel } from "./recorded-migrations.ts";

const ids = process.argv.slice(3);
const chosen = recordedCases<RecordedCase>("compare-autodetector.ts autodetector.json").filter(
  ({ id }) => ids.length === 0 || ids.includes(id),
);
let agreeing = 0;
let otherOrder = 0;
for (const recorded of chosen) {
  const wanted = canonicalRecorded(recorded);
  const found = await detect(recorded).then(
    (made) => canonicalMade(made),
    (error: Error) => ({ error: [{ dependencies: [], operations: [error.message] }] }),
  );
  const name = `${recorded.id} ${recorded.test.replace(/^.*\./, "")}`;
  if (text(wanted) === text(found)) agreeing++;
  else if (unordered(wanted) === unordered(found)) {
    otherOrder++;
    console.log(`\n${name}: the same in another order`);
    print(wanted, found);
  } else {
    console.log(`\n${name}: differs`);
    print(wanted, found);
  }
}
console.log(`\n${agreeing} of ${chosen.length} cases agree; ${otherOrder} more in another order.`);

async function detect(recorded: RecordedCase): Promise<Migration[]> {
  const swapped = swappedModel(recorded);
  const resolveKey = (key: string): string => (key === "@user" ? swapped : key);
  const defaults = recorded.questioner.defaults;
  const to = new ProjectState(stateOf(recorded, "after"));
  const changes = await detectChanges({
    from: new ProjectState(stateOf(recorded, "before")),
    to,
    answers: new Answers({
      ask: async ({ kind }) => {
        if (kind === "fill") return { value: null };
        return kind === "renameField"
          ? defaults["ask_rename"] === true
          : kind === "renameModel" && defaults["ask_rename_model"] === true;
      },
    }),
    liveField: () => ({ hasDefault: false }) as never,
    resolveKey,
  });
  const apps = [...new Set([...recorded.before, ...recorded.after].map(({ app_label: app }) => app))];
  const graph = new MigrationGraph([], { apps, swappableApp: (key) => resolveKey(key).split(".")[0] });
  return arrangeChanges(changes, { graph, wanted: to, resolveKey });
}

type Canonical = Record<string, { dependencies: string[]; operations: string[] }[]>;

function text(migrations: Canonical): string {
  return JSON.stringify(Object.entries(migrations).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function unordered(migrations: Canonical): string {
  return text(
    Object.fromEntries(
      Object.entries(migrations).map(([app, list]) => [
        app,
        list.map((one) => ({ ...one, operations: [...one.operations].sort() })),
      ]),
    ),
  );
}

function print(wanted: Canonical, found: Canonical): void {
  for (const [label, side] of [
    ["recorded", wanted],
    ["found", found],
  ] as const) {
    for (const [app, list] of Object.entries(side))
      for (const [at, { dependencies, operations }] of list.entries()) {
        console.log(`  ${label} ${app}.${at + 1} (${dependencies.join(", ")})`);
        for (const operation of operations) console.log(`    ${operation}`);
      }
  }
}
