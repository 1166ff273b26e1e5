import { mkdirSync } from "node:fs";
import { type App, defineApp } from "#kernel";
import { gettextLazy } from "#kernel/i18n";
import { checkTrainers } from "./checks.ts";
import { ModelAlias, ModelVersion, Prediction, Run, RunEvent } from "./models.ts";
import { PredictionRecorder } from "./predictions/prediction-recorder.ts";
import { RunQueue, type RunQueueOptions } from "./runs/run-queue.ts";
import { settleVersions } from "./versions/settle-versions.ts";
import { modelsDirectory } from "./versions/version-store.ts";

/**
 * Models, versions, aliases and runs, kept in the database.
 *
 * ```ts
 * defineProject({ apps: [auth({ user: User }), registry(), admin(), shop], … });
 * ```
 */
export function registry(options: RunQueueOptions = {}): App {
  return defineApp({
    name: "registry",
    verboseName: gettextLazy("Model registry"),
    directory: import.meta.dirname,
    models: { Run, RunEvent, ModelVersion, Prediction, ModelAlias },
    checks: [checkTrainers],
    async onOpen(services) {
      mkdirSync(modelsDirectory(services.settings), { recursive: true });
      const queue = new RunQueue(services, options);
      services.runs = queue;
      await unlessUnmigrated(() => queue.adopt());
      await unlessUnmigrated(() => settleVersions(services));
      const recorder = (services.predictions = new PredictionRecorder(services.models));
      return async () => {
        await queue.close();
        await recorder.close();
      };
    },
  });
}

/** Before the first migration there is nothing that was left behind. */
async function unlessUnmigrated(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!/no such table|does not exist/i.test((error as Error).message)) throw error;
  }
}
