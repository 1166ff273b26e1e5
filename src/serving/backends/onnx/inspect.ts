import { existsSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { servingErrors } from "../../errors.ts";
import type { Inspection } from "../../engines/runtime.ts";
import type { InspectRequest, PlainTensor } from "../../hosts/messages.ts";
import { checkExternalData } from "./external-data.ts";
import { readManifest, verifyManifest } from "../../repositories/manifest.ts";
import { hasRows } from "../../tensors/signature.ts";
import type { Datatype } from "../../tensors/datatypes.ts";
import { sameRowShape } from "../../tensors/stack.ts";
import { Tensor, type Tensors } from "../../tensors/tensor.ts";
import { sampleRows } from "./sample-rows.ts";
import { loadOnnxRuntime } from "./onnxruntime.ts";
import { openOnnxSession } from "./session.ts";
import { rowsBatch } from "./rows-batch.ts";

/** Tries a model file: its digests, its external data, whether it loads, runs, and can run rows together. */
export async function inspectOnnx(request: InspectRequest): Promise<Inspection> {
  const path = join(request.directory, request.file);
  if (!existsSync(path)) throw servingErrors.SERVING_BAD_ARTIFACT({ file: request.file, problem: "is not there" });
  if (!realpathSync(path).startsWith(realpathSync(request.directory) + sep)) {
    throw servingErrors.SERVING_BAD_ARTIFACT({ file: request.file, problem: "is a link that leads out of its folder" });
  }
  const manifest = await readManifest(request.directory);
  if (manifest) await verifyManifest(request.directory, manifest);
  checkExternalData(path);
  await loadOnnxRuntime();
  const before = process.memoryUsage.rss();
  const session = await openOnnxSession(path, request.settings);
  try {
    const warmUp = request.warmUp?.map((inputs) => toTensors(inputs));
    for (const inputs of warmUp ?? []) await session.run(inputs);
    const rows = warmUp ?? sampleRows(session.signature.inputs);
    const alike = rows?.filter((row) => sameRowShape(rows[0]!, row)) ?? [];
    const batches = request.probe && alike.length > 0 && hasRows(session.signature) && (await rowsBatch(session, alike));
    return { signature: session.signature, batches, memory: Math.max(0, process.memoryUsage.rss() - before) };
  } finally {
    await session.release();
  }
}

function toTensors(inputs: readonly PlainTensor[]): Tensors {
  const tensors: Tensors = Object.create(null) as Tensors;
  for (const { name, datatype, shape, data } of inputs) tensors[name] = new Tensor(datatype as Datatype, shape, data);
  return tensors;
}
