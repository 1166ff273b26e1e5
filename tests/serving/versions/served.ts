import assert from "node:assert/strict";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ModelServer, type ModelServerOptions, type PredictOptions, writeManifest } from "cortado/serving";
import { putModel, timesModel } from "../models.ts";

let published = 0;

/** Puts a version in place in one step, complete with its manifest: one that multiplies by its number, unless other bytes are given. */
export async function publish(root: string, version: string, { bytes = timesModel(Number(version)), model = "times" } = {}) {
  const temporary = putModel(root, `.new-${++published}`, bytes);
  await writeManifest(temporary, { model, version });
  mkdirSync(join(root, model), { recursive: true });
  renameSync(temporary, join(root, model, version));
}

/** Runs a model server for as long as the work takes. */
export async function withServer(options: ModelServerOptions, work: (server: ModelServer) => Promise<void>): Promise<void> {
  const server = new ModelServer(options);
  await server.start();
  await server.settled();
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

/** Waits until something is true. */
export async function until(condition: () => boolean | Promise<boolean>, what = "it"): Promise<void> {
  for (let i = 0; !(await condition()); i++) {
    assert.ok(i < 1000, `${what} did not come true within ten seconds`);
    await sleep(10);
  }
}

/** What the model multiplies by, which is the number of the version that answered. */
export async function factor(server: ModelServer, options?: PredictOptions, model = "times"): Promise<number> {
  const { outputs, version } = await server.predict(model, [{ x: [1, 1] }], options);
  const value = (outputs[0] as { y: number[] }).y[0]!;
  assert.equal(String(value), version);
  return value;
}

/** The states of a model's versions, newest first. */
export function states(server: ModelServer, model = "times"): string[] {
  return server.versions(model).map(({ version, state }) => `${version} ${state}`);
}
