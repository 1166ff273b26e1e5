import { didYouMean } from "#kernel";
import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import { datatypes } from "../tensors/datatypes.ts";
import { formatShape, misfit, type Signature, type TensorSpec } from "../tensors/signature.ts";
import { elementCount, Tensor, type Tensors } from "../tensors/tensor.ts";

/**
 * The state of a model that gives it as an output and takes it as an input: kept between the steps of a sequence, and hidden
 * from callers, whose signature has neither.
 */
export class ImplicitState {
  /** What callers see. */
  readonly signature: Signature;
  readonly #inputs: readonly TensorSpec[];
  /** The output of a step that is each input of the next one. */
  readonly #outputOf: ReadonlyMap<string, string>;
  readonly #initial: Readonly<Record<string, Tensor>>;

  /** @throws SERVING_BAD_HANDLER where the model has no such inputs and outputs */
  constructor({ name: model, options }: Handler, signature: Signature) {
    const { state = {}, initial = {} } = options.sequence!;
    this.#outputOf = new Map(Object.entries(state).map(([output, input]) => [input, output]));
    this.#initial = initial;
    demand(model, { given: Object.keys(state), specs: signature.outputs, what: "outputs" });
    demand(model, { given: [...this.#outputOf.keys(), ...Object.keys(initial)], specs: signature.inputs, what: "inputs" });
    this.#inputs = signature.inputs.filter((spec) => this.#outputOf.has(spec.name));
    for (const spec of this.#inputs) {
      const problem = initial[spec.name] && misfit(spec, initial[spec.name]!);
      if (problem) throw servingErrors.SERVING_BAD_HANDLER({ model, option: `sequence.initial.${spec.name}`, problem });
    }
    this.signature = {
      inputs: signature.inputs.filter((spec) => !this.#outputOf.has(spec.name)),
      outputs: signature.outputs.filter((spec) => !Object.hasOwn(state, spec.name)),
    };
  }

  /** The inputs of a run: what came, and the state, which at the first step is the initial one. */
  inputs(given: Tensors, memory: Record<string, unknown> = {}, rows = 1): Tensors {
    const tensors: Tensors = Object.assign(Object.create(null), given) as Tensors;
    for (const spec of this.#inputs)
      tensors[spec.name] = (memory[spec.name] as Tensor | undefined) ?? this.#initial[spec.name] ?? zeros(spec, rows);
    return tensors;
  }

  /** Puts the state that a run gave into the memory, and gives back the rest of what it gave. */
  keep(outputs: Tensors, memory: Record<string, unknown>): Tensors {
    const rest: Tensors = Object.assign(Object.create(null), outputs) as Tensors;
    for (const [input, output] of this.#outputOf) {
      const { datatype, shape, data } = outputs[output]!;
      // A copy, because the elements may be a part of a whole batch's.
      memory[input] = new Tensor(datatype, shape, data.slice());
      delete rest[output];
    }
    return rest;
  }
}

/** The state of a model between steps, where its handler says that it has one. @throws SERVING_BAD_HANDLER */
export function implicitState(handler: Handler | undefined, signature: Signature): ImplicitState | undefined {
  return handler?.options.sequence?.state ? new ImplicitState(handler, signature) : undefined;
}

/** Zeros; where a size may vary, it is 1, and of the first dimension as many as there are rows. */
function zeros({ datatype, shape: given }: TensorSpec, rows: number): Tensor {
  const shape = given.map((size, i) => (size !== -1 ? size : i === 0 ? rows : 1));
  const { array } = datatypes[datatype];
  const count = elementCount(shape);
  return new Tensor(datatype, shape, array === undefined ? Array.from({ length: count }, () => "") : new array(count));
}

function demand(model: string, { given, specs, what }: { given: string[]; specs: readonly TensorSpec[]; what: string }): void {
  const known = specs.map((spec) => spec.name);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const there = specs.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(", ");
  const problem = `names "${unknown}", which is not among the model's ${what}: ${there}`;
  throw servingErrors.SERVING_BAD_HANDLER({ model, option: "sequence", problem, hint: didYouMean(unknown, known) });
}
