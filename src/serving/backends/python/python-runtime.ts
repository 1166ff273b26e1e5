import { basename, resolve } from "node:path";
import type {
  ItemRunner,
  Runner,
  RunOptions,
  RunResult,
  Runtime,
  RuntimeVersion,
  SequenceRun,
  TensorRunner,
} from "../../engines/runtime.ts";
import { servingErrors } from "../../errors.ts";
import { tensorFromNested } from "../../tensors/read-json.ts";
import { hasRows, misfit, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { bfloat16sOf } from "../../tensors/bfloat16.ts";
import { noTensors, Tensor, type Tensors } from "../../tensors/tensor.ts";
import { findPython } from "./find-python.ts";
import { ModuleWatch } from "./module-watch.ts";
import type { PythonInstance, PythonInstanceOptions } from "./python-instance.ts";
import { checkOptions, pythonProblems, type PythonOptions } from "./python-options.ts";
import { PythonPool } from "./python-pool.ts";
import { realRoot } from "./real-root.ts";

/** Milliseconds that loading may take, where nothing else is said. */
const LOAD_WITHIN = 120_000;

/**
 * Runs a handler that is written in Python, in processes of its own: one for each of the handler's `instances`.
 *
 * ```ts
 * export const churn = handler({ name: "churn", runtime: python({ module: "models/churn.py" }) });
 * ```
 * ```py
 * # models/churn.py
 * def inference(customers):
 *     return [{"leaves": customer["orders"] == 0} for customer in customers]
 * ```
 * With `inputs` and `outputs` it is a model of tensors, below `preprocess` and `postprocess`, and at `/v2`.
 * @throws SERVING_BAD_RUNTIME
 */
export function python(options: PythonOptions): Runtime {
  checkOptions(options);
  const watch = new ModuleWatch();
  return Object.freeze({
    kind: "python",
    needsFiles: options.module === undefined,
    check: (root: string) => pythonProblems(options, root),
    async fingerprint(root: string) {
      if (options.module !== undefined) await watch.add([resolve(realRoot(root), options.module)]);
      return String(await watch.look());
    },
    load: (version: RuntimeVersion) => load(version, options, watch),
  } satisfies Runtime);
}

async function load(version: RuntimeVersion, options: PythonOptions, watch: ModuleWatch): Promise<Runner> {
  const { instances: slots } = version.limits;
  const shared = instanceOptions(version, options, (files) => void watch.add(files));
  const pool = new PythonPool(Array.from({ length: slots }, (_, instance) => shared(instance)));
  try {
    await pool.open(version.pool.closing);
    const { inputs, outputs } = options;
    requireAnswers(pool.kinds, { model: version.model, module: moduleName(options), tensors: inputs !== undefined });
    if (inputs && outputs) return tensorRunner(pool, { model: version.model, slots, signature: { inputs, outputs } });
    return itemRunner(pool, slots);
  } catch (error) {
    void pool.close();
    throw error;
  }
}

const moduleName = ({ module }: PythonOptions): string => (module === undefined ? "python()" : basename(module));

/** A module that only trains, or that takes items where tensors are declared, cannot answer. @throws SERVING_PYTHON_MODULE */
function requireAnswers(
  kinds: readonly string[],
  { model, module, tensors }: { model: string; module: string; tensors: boolean },
): void {
  const wanted = tensors ? ["inference"] : ["inference", "predict", "stream"];
  if (wanted.some((kind) => kinds.includes(kind))) return;
  const problem = `has ${tensors ? "no function" : "none of the functions"} ${wanted.join(", ")}, so nothing can answer`;
  const hint = tensors
    ? "A model of tensors answers in inference(inputs)."
    : "Write def inference(items): … or def predict(item): ….";
  throw servingErrors.SERVING_PYTHON_MODULE({ model, module, problem, hint });
}

function instanceOptions(version: RuntimeVersion, options: PythonOptions, onFiles: PythonInstanceOptions["onFiles"]) {
  const { model, directory, manifest, limits, log } = version;
  const root = realRoot(version.root);
  const { module, requirements, parameters, trusted = false, memory, loadWithin = LOAD_WITHIN } = options;
  const arrays = options.inputs ? "tensors" : "nested";
  const context = { model, version: version.version, directory, manifest, parameters };
  return (instance: number): PythonInstanceOptions => ({
    process: { ...findPython(options, root, 1), model, root, arrays, log: (line) => log(`${model}: ${line}`) },
    load: {
      type: "load",
      root,
      trusted,
      context: { ...context, instance },
      ...(module !== undefined && { module: resolve(root, module) }),
      ...(options.handler !== undefined && { handler: options.handler }),
      ...(requirements !== undefined && { requirements: resolve(root, requirements) }),
    },
    module: moduleName(options),
    deadline: limits.deadline,
    loadWithin,
    memory,
    onFiles,
  });
}

function itemRunner(pool: PythonPool, slots: number): ItemRunner {
  return {
    takes: "items",
    slots,
    batches: pool.kinds.includes("inference"),
    run: (items, options) => pool.use((instance) => runItems(instance, items, options)),
    ...(pool.kinds.includes("stream") && {
      stream: (item: unknown, options: RunOptions) =>
        pool.stream((instance) => instance.stream({ type: "stream", value: item }, options)),
    }),
    memory: () => pool.memory,
    problem: () => pool.problem,
    close: () => pool.close(),
  };
}

async function runItems(instance: PythonInstance, items: unknown[], options: RunOptions): Promise<RunResult<unknown[]>> {
  if (options.sequence) return runStep(instance, items[0], { ...options, sequence: options.sequence });
  return (await instance.run({ type: "run", value: items }, options)) as RunResult<unknown[]>;
}

/** What the steps of a sequence tell each other goes to Python with each, and comes back changed. */
async function runStep(
  instance: PythonInstance,
  item: unknown,
  options: RunOptions & { sequence: SequenceRun },
): Promise<RunResult<unknown[]>> {
  const { memory, id, start, end } = options.sequence;
  const message = { type: "step", sequence: { id, start, end }, value: { item, memory } };
  const { result, milliseconds } = await instance.run(message, options);
  const made = result as { answers: unknown[]; memory: Record<string, unknown> };
  for (const name of Object.keys(memory)) delete memory[name];
  Object.assign(memory, made.memory);
  return { result: made.answers, milliseconds };
}

function tensorRunner(
  pool: PythonPool,
  { model, slots, signature }: { model: string; slots: number; signature: Signature },
): TensorRunner {
  return {
    takes: "tensors",
    signature,
    slots,
    batches: hasRows(signature),
    async run(inputs, options) {
      const { result, milliseconds } = await pool.use((instance) =>
        instance.run({ type: "infer", value: { ...inputs } }, options),
      );
      return { result: checkOutputs(result as Record<string, unknown>, signature, model), milliseconds };
    },
    memory: () => pool.memory,
    problem: () => pool.problem,
    close: () => pool.close(),
  };
}

const asBfloat16 = ({ shape, data }: Tensor): Tensor => new Tensor("BF16", shape, bfloat16sOf(data));

/** What Python gave, held against what it said that it gives. @throws SERVING_BAD_OUTPUT */
function checkOutputs(given: Record<string, unknown>, { outputs }: Signature, model: string): Tensors {
  const bad = (problem: string) => servingErrors.SERVING_BAD_OUTPUT({ model, step: "inference", problem });
  const tensors = noTensors();
  for (const spec of outputs) {
    const value = given[spec.name];
    if (value === undefined) throw bad(`gave no ${spec.name}; it gave ${Object.keys(given).join(", ") || "nothing"}`);
    const tensor = value instanceof Tensor ? value : listedTensor(value, spec, bad);
    const fitting = spec.datatype === "BF16" && tensor.datatype === "FP32" ? asBfloat16(tensor) : tensor;
    const problem = misfit(spec, fitting);
    if (problem) throw bad(`gave "${spec.name}", which ${problem.replaceAll("the model takes", "its outputs say")}`);
    tensors[spec.name] = fitting;
  }
  return tensors;
}

/** An output in lists, which is how texts come and what a module without numpy gives. */
function listedTensor(value: unknown, spec: TensorSpec, bad: (problem: string) => Error): Tensor {
  const where = `"${spec.name}"`;
  try {
    return tensorFromNested(value, { ...spec, where });
  } catch (error) {
    throw bad(`gave ${where} neither as an array nor as lists that fit: ${(error as Error).message.replace(/\.$/, "")}`);
  }
}
