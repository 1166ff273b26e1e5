import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CortadoError } from "#kernel";
import type { HostPool } from "../../hosts/host-pool.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import { type OnnxOptions, sessionSettings } from "./onnx-options.ts";

/** An ONNX model that gives back the one number that it gets. */
const identity =
  "CAg6OwoQCgF4EgF5IghJZGVudGl0eRIFZ3JhcGhaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABARQg4KCmFpLm9ubngubWwQAQ==";

/**
 * Makes sure that the execution providers are there before any model is loaded by them: a small model is tried in a host.
 * @throws SERVING_MISSING_PROVIDER
 */
export async function requireProviders(options: OnnxOptions | undefined, pool: HostPool): Promise<void> {
  const settings = sessionSettings(options ?? {});
  if (settings.providers.every(({ name }) => name === "cpu")) return;
  const directory = await mkdtemp(join(tmpdir(), "cortado-provider-"));
  try {
    await writeFile(join(directory, MODEL_FILE), Buffer.from(identity, "base64"));
    await pool.inspect({ kind: "onnx", file: MODEL_FILE, settings, directory, probe: false });
  } catch (error) {
    // What else stands in the way of this model may not stand in that of another.
    const { cause } = error as Error;
    if (cause instanceof CortadoError && cause.code === "SERVING_MISSING_PROVIDER") throw cause;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
