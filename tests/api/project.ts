import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth } from "cortado/auth";
import { registry, trainer } from "cortado/registry";
import { handler } from "cortado/serving";
import * as z from "zod";
import accounts from "../../examples/cafe/accounts/app.ts";
import { User } from "../../examples/cafe/accounts/models.ts";
import penguins from "../../examples/cafe/penguins/app.ts";

/** Counts slowly, keeps a checkpoint at every step, and can be told to fail, to die or never to listen. */
export const counter = handler({
  name: "counter",
  train: trainer({
    parameters: z.object({ steps: z.int().default(3), fate: z.enum(["done", "throw", "die", "deaf"]).default("done") }),
    run: async ({ directory, parameters, resumeFrom, progress, metric, log, checkpoint, signal }) => {
      log(resumeFrom ? "going on" : "from the start");
      for (let step = 1; step <= parameters.steps; step++) {
        if (parameters.fate !== "deaf") signal.throwIfAborted();
        await sleep(20);
        progress(step, parameters.steps);
        metric("step", step);
        await checkpoint((folder) => writeFile(join(folder, "step"), String(step)));
        if (parameters.fate === "throw") throw new Error("The beans are finished.");
        if (parameters.fate === "die") process.kill(process.pid, "SIGKILL");
      }
      await writeFile(join(directory, "answer.json"), "42");
      return { steps: parameters.steps };
    },
  }),
  initialize: ({ directory }) => directory,
  inference: async (items) => items.map(() => 42),
});

/** A model without a trainer. */
const echo = handler({ name: "echo", access: "public", inference: async (items: unknown[]) => items });

const models = defineApp({ name: "counting", handlers: { counter, echo }, directory: import.meta.dirname });

export default defineProject({
  apps: [auth({ user: User }), registry(), accounts, penguins, models],
  urls: [path("api/", include(api.urls))],
  secretKey: "a secret of the tests, long enough for any mode",
  configFile: import.meta.filename,
});
