import { servingErrors } from "../../errors.ts";
import { formatShape, hasRows, misfit, type Signature } from "../../tensors/signature.ts";
import { noTensors, type Tensors } from "../../tensors/tensor.ts";

interface Run {
  inputs: Tensors;
  signature: Signature;
  model: string;
}

/** The outputs that the signature names, each as it says, and with as many rows as went in. @throws SERVING_REMOTE_FAILED */
export function checkedOutputs(given: Tensors, { inputs, signature, model }: Run): Tensors {
  const rows = hasRows(signature) ? inputs[signature.inputs[0]!.name]!.shape[0] : undefined;
  const outputs = noTensors();
  for (const spec of signature.outputs) {
    const tensor = given[spec.name];
    const failed = (problem: string) =>
      servingErrors.SERVING_REMOTE_FAILED({ model, problem: `answered "${spec.name}" wrongly: it ${problem}` });
    if (tensor === undefined) throw failed("is missing");
    const problem = misfit(spec, tensor);
    if (problem) throw failed(problem);
    if (rows !== undefined && tensor.shape[0] !== rows)
      throw failed(`has the shape ${formatShape(tensor.shape)} for ${rows} rows`);
    outputs[spec.name] = tensor;
  }
  return outputs;
}
