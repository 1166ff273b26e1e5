import { existsSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { servingErrors } from "../../errors.ts";
import type { Inspection } from "../../engines/runtime.ts";
import type { InspectRequest, PlainTensor } from "../../hosts/messages.ts";
import { missingFile } from "../onnx/missing-file.ts";
import { readManifest, verifyManifest } from "../../repositories/manifest.ts";
import { hasRows } from "../../tensors/signature.ts";
import type { Datatype } from "../../tensors/datatypes.ts";
import { sameRowShape } from "../../tensors/stack.ts";
import { noTensors, Tensor, type Tensors } from "../../tensors/tensor.ts";
import { rowsBatch } from "../onnx/rows-batch.ts";
import { sampleRows } from "../onnx/sample-rows.ts";
import { openFile, prepareFile } from "../sessions.ts";

/** Tries a model file: its digests, what it reads besides, whether it loads, runs, and can run rows together. */
export async function inspectFile(request: InspectRequest): Promise<Inspection> {
  const path = join(request.directory, request.file);
  if (!existsSync(path)) throw missingFile(request.directory, request.file);
  if (!realpathSync(path).startsWith(realpathSync(request.directory) + sep)) {
    throw servingErrors.SERVING_BAD_ARTIFACT({ file: request.file, problem: "is a link that leads out of its folder" });
  }
  const manifest = await readManifest(request.directory);
  if (manifest) await verifyManifest(request.directory, manifest);
  const model = { ...request, file: path };
  await prepareFile(model);
  const before = process.memoryUsage.rss();
  const session = await openFile(model);
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
  const tensors = noTensors();
  for (const { name, datatype, shape, data } of inputs) tensors[name] = new Tensor(datatype as Datatype, shape, data);
  return tensors;
}
