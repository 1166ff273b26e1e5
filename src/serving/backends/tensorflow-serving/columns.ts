import { servingErrors } from "../../errors.ts";
import { decoded } from "../../bodies/tensorflow-serving/predict-body.ts";
import { tensorJson } from "../../bodies/tensorflow-serving/write-json.ts";
import { tensorFromNested } from "../../tensors/read-json.ts";
import type { Signature } from "../../tensors/signature.ts";
import { noTensors, type Tensors } from "../../tensors/tensor.ts";
import { readJson } from "../remote/read-json-answer.ts";
import type { RemoteAnswer } from "../remote/remote-client.ts";

/** A request in columns. */
export function columnsQuestion(inputs: Tensors, { inputs: specs }: Signature, signatureName: string): Buffer {
  const columns = specs.map(({ name }) => `${JSON.stringify(name)}:${tensorJson(inputs[name]!, { name }).text}`);
  return Buffer.from(`{"signature_name":${JSON.stringify(signatureName)},"inputs":{${columns.join()}}}`);
}

/** The tensors of an answer in columns; a model's only output stands there without its name. @throws SERVING_REMOTE_FAILED */
export function columnsAnswer({ body }: RemoteAnswer, signature: Signature, model: string): Tensors {
  const { outputs } = readJson(body, model) as { outputs?: unknown };
  const single = signature.outputs.length === 1;
  const tensors = noTensors();
  try {
    for (const spec of signature.outputs) {
      const value = single ? outputs : (outputs as Record<string, unknown>)[spec.name];
      const where = `outputs.${spec.name}`;
      tensors[spec.name] = tensorFromNested(spec.datatype === "BYTES" ? decoded(value, where) : value, { ...spec, where });
    }
  } catch (error) {
    const problem = "answered a tensor that its metadata do not allow";
    throw servingErrors.SERVING_REMOTE_FAILED({ model, problem, cause: error });
  }
  return tensors;
}
