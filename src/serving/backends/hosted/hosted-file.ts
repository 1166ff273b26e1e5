import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Inspection, RuntimeVersion, TensorRunner } from "../../engines/runtime.ts";
import type { InspectRequest } from "../../hosts/messages.ts";
import type { ModelFile } from "../sessions.ts";
import { HostedRunner } from "./hosted-runner.ts";

/** A version's file with the bytes that the process may occupy which holds it. */
interface HeldFile {
  /** Its name is that in the version's folder. */
  file: ModelFile;
  memory: number | undefined;
}

/** Tries a file in a throw-away host; with the handler's warm-up a second time, for turning items into rows needs the signature. */
export async function tryFile(version: RuntimeVersion, file: ModelFile, memory: number | undefined): Promise<Inspection> {
  const { handler, pool, directory } = version;
  const request: InspectRequest = { ...file, directory, probe: handler?.options.batch !== false };
  const found = await pool.inspect(request, memory);
  const warmUp = await version.warmUp(found.signature);
  if (warmUp.length === 0) return found;
  const rows = warmUp.map((tensors) =>
    Object.entries(tensors).map(([name, { datatype, shape, data }]) => ({ name, datatype, shape, data })),
  );
  return pool.inspect({ ...request, warmUp: rows }, memory);
}

/** Loads a file in the pool's hosts. */
export async function holdFile(
  version: RuntimeVersion,
  inspection: Inspection,
  { file: named, memory }: HeldFile,
): Promise<TensorRunner> {
  const { model, pool, directory } = version;
  const { deadline, instances } = version.limits;
  const file: ModelFile = { ...named, file: join(directory, named.file) };
  const hosted = pool.hold({ model, file, instances, deadline, memory, expected: inspection.memory, key: await keyOf(file) });
  await hosted.open();
  return new HostedRunner(hosted, { ...inspection, slots: instances, model });
}

/** The same for everyone who runs these bytes of this file in this way. */
async function keyOf({ file, settings }: ModelFile): Promise<string> {
  const { ino, size, mtimeMs } = await stat(file);
  return [file, ino, size, mtimeMs, JSON.stringify(settings)].join(" ");
}
