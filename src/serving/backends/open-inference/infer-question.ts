import type { RunOptions } from "../../engines/runtime.ts";
import { tensorBytes } from "../../tensors/bytes.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import { jsonElements } from "../../tensors/write-json.ts";

interface Form {
  signature: Signature;
  binary: boolean;
  options: RunOptions;
}

/** An inference request: its JSON, and the tensors as bytes behind it where the engine reads them. */
export function inferQuestion(
  tensors: Tensors,
  { signature, binary, options }: Form,
): { body: Uint8Array[]; headers: Record<string, string> } {
  const parts: Uint8Array[] = [];
  const inputs = signature.inputs.map(({ name }) => {
    const { datatype, shape } = tensors[name]!;
    if (!binary) return { name, datatype, shape, data: jsonElements(tensors[name]!) };
    const bytes = tensorBytes(tensors[name]!);
    parts.push(bytes);
    return { name, datatype, shape, parameters: { binary_data_size: bytes.byteLength } };
  });
  const outputs = signature.outputs.map(({ name }) => ({ name, ...(binary ? { parameters: { binary_data: true } } : {}) }));
  const { requestId: id, sequence } = options;
  const parameters = sequence && {
    sequence_id: sequence.id,
    sequence_start: sequence.start === true,
    sequence_end: sequence.end === true,
  };
  const head = Buffer.from(JSON.stringify({ ...(id ? { id } : {}), ...(parameters ? { parameters } : {}), inputs, outputs }));
  const type = { "content-type": binary ? "application/octet-stream" : "application/json" };
  return {
    body: [head, ...parts],
    headers: { ...type, ...(binary ? { "inference-header-content-length": String(head.byteLength) } : {}) },
  };
}
