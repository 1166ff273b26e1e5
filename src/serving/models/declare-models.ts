import { datatypes } from "../tensors/datatypes.ts";
import type { TensorSpec } from "../tensors/signature.ts";
import type { ModelInfo } from "./model-info.ts";

const element = {
  input: { float: "number | null", integer: "number", bigint: "number | bigint", boolean: "boolean", string: "string" },
  output: { float: "number", integer: "number", bigint: "bigint", boolean: "boolean", string: "string" },
} as const;

/**
 * The text of a declaration file by which the compiler knows the items and answers of models whose handlers say neither:
 * `.cortado/models.d.ts`.
 */
export function declareModels(models: readonly ModelInfo[]): string {
  const lines = models.filter(({ handler, signature }) => handler && signature).map(declarationOf);
  return `// What the models of this project take and give, as their files say it. Written by cortado check and cortado runserver.
import type { Tensor } from "cortado/serving";

declare module "cortado/serving" {
  interface ModelTypes {
${lines.join("\n")}
  }
}
`;
}

function declarationOf({ name, signature }: ModelInfo): string {
  const side = (specs: readonly TensorSpec[], direction: "input" | "output") =>
    specs.map((spec) => `${JSON.stringify(spec.name)}: ${typeOf(spec, direction)}`).join("; ");
  const { inputs, outputs } = signature!;
  return `    ${JSON.stringify(name)}: { input: { ${side(inputs, "input")} }; output: { ${side(outputs, "output")} } };`;
}

/** An item has no first dimension where that may vary. */
function typeOf({ datatype, shape }: TensorSpec, direction: "input" | "output"): string {
  const rank = shape[0] === -1 ? shape.length - 1 : shape.length;
  let type: string = element[direction][datatypes[datatype].kind];
  const word = direction === "input" ? "ReadonlyArray" : "Array";
  for (let depth = 0; depth < rank; depth++) type = `${word}<${type}>`;
  return direction === "input" ? `${type} | Tensor` : type;
}
