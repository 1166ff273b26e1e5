import { servingErrors } from "../../errors.ts";
import { tensorFromBytes } from "../../tensors/bytes.ts";
import { findDatatype } from "../../tensors/datatypes.ts";
import { tensorFromElements } from "../../tensors/read-json.ts";
import { noTensors, type Tensor, type Tensors } from "../../tensors/tensor.ts";
import { readJson } from "../remote/read-json-answer.ts";
import type { RemoteAnswer } from "../remote/remote-client.ts";

interface Output {
  name: string;
  datatype: string;
  shape: number[];
  parameters?: { binary_data_size?: number };
  data?: unknown;
}

/** The tensors of an inference answer, in JSON or as bytes behind it. @throws SERVING_REMOTE_FAILED */
export function inferAnswer({ headers, body }: RemoteAnswer, model: string): Tensors {
  const length = headers["inference-header-content-length"];
  const end = length === undefined ? body.byteLength : Number(length);
  const failed = (problem: string, cause?: unknown) => servingErrors.SERVING_REMOTE_FAILED({ model, problem, cause });
  if (!Number.isInteger(end) || end < 0 || end > body.byteLength) throw failed("says no true length of its answer");
  const { outputs } = readJson(body.subarray(0, end), model) as { outputs?: Output[] };
  if (!Array.isArray(outputs)) throw failed("answered without outputs");
  const tensors = noTensors();
  let at = end;
  try {
    for (const output of outputs) {
      const size = output.parameters?.binary_data_size;
      tensors[output.name] = readOutput(output, size === undefined ? undefined : body.subarray(at, at + size));
      at += size ?? 0;
    }
  } catch (error) {
    throw failed("answered a tensor that does not hold what it says", error);
  }
  return tensors;
}

function readOutput({ name, datatype, shape, data }: Output, bytes: Buffer | undefined): Tensor {
  const known = findDatatype(datatype);
  if (known === undefined || !Array.isArray(shape)) throw new Error(`The output ${name} has no known type and shape.`);
  const wanted = { datatype: known, shape, where: `outputs ("${name}")` };
  return bytes === undefined ? tensorFromElements(data, wanted) : tensorFromBytes(bytes, wanted);
}
