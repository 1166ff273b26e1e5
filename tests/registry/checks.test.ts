import assert from "node:assert/strict";
import { test } from "node:test";
import { defineApp, defineProject, openProject } from "cortado";
import { registerModels } from "cortado/orm";
import { registry, startRun, tabular, trainer } from "cortado/registry";
import { handler } from "cortado/serving";
import { Penguin } from "../../examples/cafe/penguins/models.ts";
import penguins from "../../examples/cafe/penguins/app.ts";

const app = registry();

function findings(handlers: Record<string, unknown>, configFile: string | undefined) {
  const project = defineProject({
    apps: [app, penguins, defineApp({ name: "t", handlers })],
    secretKey: "x".repeat(40),
    configFile,
  });
  return app.checks![0]!({ ...project, configFile });
}

test("a feature that the rows' model lacks is found before any run", async () => {
  registerModels(penguins);
  const rows = () => Penguin.objects.all();
  const misspelt = handler({ name: "misspelt", train: tabular({ rows, target: "species", features: ["islnd", "sex"] }) });
  assert.deepEqual(await findings({ misspelt }, import.meta.filename), [
    {
      level: "error",
      code: "REGISTRY_CHECK_UNKNOWN_COLUMN",
      message: 'penguins.Penguin has no column "islnd" to learn from.',
      object: "misspelt",
      hint: 'Did you mean "island"?',
    },
  ]);
});

test("a trainer of one's own needs the project's file", async () => {
  const own = handler({ name: "own", train: trainer({ run: async () => {} }), inference: async (items: unknown[]) => items });
  assert.deepEqual(
    (await findings({ own }, undefined)).map((each) => each.code),
    ["REGISTRY_CHECK_NO_CONFIG_FILE"],
  );
  assert.deepEqual(await findings({ own }, import.meta.filename), []);
});

test("training without the registry says what to add", async () => {
  const own = handler({ name: "own", train: trainer({ run: async () => {} }), inference: async (items: unknown[]) => items });
  const open = await openProject(
    defineProject({
      apps: [defineApp({ name: "t", handlers: { own } })],
      secretKey: "x".repeat(40),
      database: "sqlite::memory:",
    }),
  );
  await assert.rejects(startRun(open.services, "own"), {
    code: "REGISTRY_NOT_OPEN",
    message: "No open project has the app registry().",
    hint: 'Add registry() from "cortado/registry" to the project\'s apps.',
  });
  await open.close();
});
