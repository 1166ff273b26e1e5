import type { Signature, TensorSpec } from "#serving";
import { tableLines } from "./table-lines.ts";

/** What a model takes and gives, as a table. */
export function signatureLines({ inputs, outputs }: Signature): string[] {
  return tableLines(["", "name", "type", "shape"], [...rowsOf(inputs, "takes"), ...rowsOf(outputs, "gives")]);
}

function rowsOf(specs: readonly TensorSpec[], word: string): string[][] {
  return specs.map(({ name, datatype, shape }, i) => [i === 0 ? word : "", name, datatype, `[${shape.join(", ")}]`]);
}
