/** Trains without end, and says which step has a checkpoint: node train-child.ts SETTINGS. A run that was interrupted goes on. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineApp, defineProject, openProject } from "cortado";
import { auth } from "cortado/auth";
import { migrateProject } from "cortado/orm/migrations";
import { registry, resumeRun, Run, RunEvent, runEvents, startRun, trainer } from "cortado/registry";
import { handler } from "cortado/serving";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";

/** A state of two files, so large that they are not written in one moment. */
const files = ["weights", "moments"];
const contentOf = (step: number) => `${step} `.repeat(50_000);

export const endless = handler({
  name: "endless",
  train: trainer({
    run: async ({ resumeFrom, checkpoint, progress, log }) => {
      const states = resumeFrom ? await Promise.all(files.map((name) => readFile(join(resumeFrom, name), "utf8"))) : [];
      let step = parseInt(states[0] ?? "0");
      log(`from ${step} ${states.every((state) => state === contentOf(step)) ? "whole" : "HALF"}`);
      for (;;) {
        step++;
        const content = contentOf(step);
        await checkpoint(async (folder) => {
          for (const name of files) await writeFile(join(folder, name), content);
        });
        progress(step, step + 1);
      }
    },
  }),
  inference: (items) => items,
});

const training = defineApp({ name: "training", handlers: { endless }, directory: import.meta.dirname });

const project = defineProject({
  apps: [auth({ user: User }), registry(), accounts, training],
  secretKey: "a secret of the tests, long enough for any mode",
  configFile: import.meta.filename,
});
export default project;

if (import.meta.main) {
  const settings = JSON.parse(process.argv[2]!) as { database: string; storage: string };
  const open = await openProject({ ...project, ...settings });
  await migrateProject(open.settings.apps, open.services.databases["default"]!);
  const after = (await RunEvent.objects.orderBy("-id").first())?.id;
  const last = await Run.objects.orderBy("-id").first();
  const run = last ? await resumeRun(open.services, last.id) : await startRun(open.services, "endless");
  for await (const { kind, data } of runEvents(run.id, { after })) {
    if (kind === "log") process.stdout.write(`${String(data["text"])}\n`);
    if (kind === "progress") process.stdout.write(`kept ${String(data["done"])}\n`);
  }
}
