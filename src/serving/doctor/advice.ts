import { availableParallelism } from "node:os";
import type { Examination, TimedBatch } from "../engines/examination.ts";
import { DEFAULT_CONTEXT } from "../backends/llama/llama-options.ts";
import type { Handler } from "../handlers/handler.ts";

/** What is recommended for a version, and why. */
export interface Advice {
  /** Handler options as they are written in code: `batch: { maxSize: 16 }`. */
  options: string[];
  /** Sentences that explain them, and what else is worth knowing. */
  reasons: string[];
}

/** A batch is large enough when it answers so much of what the best one answers in a second. */
const ENOUGH = 0.95;
/** Batches are worth it when they answer so many times as fast. */
const WORTH = 1.1;
/** Threads are worth it when each of them does so much of what one does alone. */
const EFFICIENT = 0.6;
/** Milliseconds from which on a run is worth spreading over threads or copies. */
const LONG = 2;
/** Numbers from which on smaller ones are worth a thought. */
const MANY = 5_000_000;

/** Recommends options for what was measured. */
export function adviceFor(found: Examination, handler?: Handler): Advice {
  const advice: Advice = { options: [], reasons: [] };
  if (found.problem !== undefined) return { options: [], reasons: [explained(found.problem)] };
  adviseBatches(found, advice);
  adviseThreads(found, advice);
  adviseTrial(found, handler, advice);
  adviseWeights(found, advice);
  adviseContext(found, advice);
  return advice;
}

function adviseBatches({ batches, batchProblem }: Examination, { options, reasons }: Advice): void {
  if (batches.length === 0) return;
  if (batchProblem !== undefined) {
    options.push("batch: false");
    reasons.push(`Rows are run one by one: ${batchProblem}.`);
    return;
  }
  const enough = enoughRows(batches);
  const single = batches[0]!;
  const gain = (enough.rows / enough.milliseconds) * single.milliseconds;
  if (gain < WORTH) {
    options.push("batch: false");
    reasons.push("Rows that run together take as long as one after the other.");
    return;
  }
  options.push(`batch: { maxSize: ${enough.rows} }`);
  reasons.push(`${enough.rows} rows together are answered ${gain.toFixed(1)} times as fast as alone.`);
}

/** The smallest batch that is nearly as good as the best. */
export function enoughRows(batches: readonly TimedBatch[]): TimedBatch {
  const best = Math.max(...batches.map(({ rows, milliseconds }) => rows / milliseconds));
  return batches.find(({ rows, milliseconds }) => rows / milliseconds >= best * ENOUGH)!;
}

function adviseThreads({ threads, memory }: Examination, { options, reasons }: Advice): void {
  const [single] = threads;
  if (single === undefined) return;
  const worth = threads.filter((each) => single.row / each.row >= EFFICIENT * each.threads).at(-1)!;
  if (single.row < LONG) {
    reasons.push("A row takes so little time that one thread and one copy are enough.");
    return;
  }
  if (worth.threads > 1) {
    options.push(`runtime: onnx({ threads: ${worth.threads} })`);
    reasons.push(`${worth.threads} threads answer a row ${(single.row / worth.row).toFixed(1)} times as fast as one.`);
  }
  const copies = Math.floor(availableParallelism() / worth.threads);
  if (copies < 2) return;
  options.push(`instances: ${copies}`);
  reasons.push(`${copies} copies use all ${availableParallelism()} cores${memory ? `, each with memory of its own` : ""}.`);
}

function adviseTrial({ guessed, signature }: Examination, handler: Handler | undefined, { options, reasons }: Advice): void {
  const has = (option: "warmUp" | "golden") => (handler?.options[option]?.length ?? 0) > 0;
  if (guessed.length > 0 && !has("warmUp")) {
    options.push("warmUp: [{ … }]");
    const names = guessed.map((name) => `"${name}"`).join(", ");
    reasons.push(`The sizes of ${names} vary and were guessed here. An item in warmUp says them, and lets rows be run together.`);
  }
  if (signature !== undefined && !has("golden"))
    reasons.push(
      "Golden answers (the option golden, or golden.json) would keep a version from being served that answers wrongly.",
    );
}

function adviseWeights({ contents }: Examination, { reasons }: Advice): void {
  if (contents === undefined) return;
  const { types, parameters, operators, external } = contents;
  const isQuantized = Object.keys(operators).some((name) =>
    /QuantizeLinear|QLinear|MatMulInteger|ConvInteger|MatMulNBits/.test(name),
  );
  if (parameters >= MANY && (types["FP32"] ?? 0) > parameters / 2 && !isQuantized)
    reasons.push(
      `Its ${count(parameters)} numbers have 32 bits each. Quantized to 8 bits, by onnxruntime.quantization.quantize_dynamic in Python, ` +
        "the file is a quarter as large, and often faster on processors; golden answers show what is lost.",
    );
  if ((types["FP16"] ?? 0) > parameters / 2 && parameters > 0)
    reasons.push("Its numbers have 16 bits, which processors convert at every run: on a processor, 32 or 8 bits are faster.");
  if (external.length > 0) reasons.push(`Weights lie in ${external.join(", ")}: keep the files together.`);
  if (operators["ZipMap"] || operators["ai.onnx.ml:ZipMap"])
    reasons.push("It ends in ZipMap, which is taken out when it is loaded: its scores come as a tensor.");
}

function adviseContext({ contents, writing }: Examination, { reasons }: Advice): void {
  const most = contents?.language?.contextLength;
  if (writing === undefined || most === undefined || most <= DEFAULT_CONTEXT) return;
  reasons.push(
    `It was trained for ${most.toLocaleString("en")} tokens; without llama({ context }), a question and its answer have ${DEFAULT_CONTEXT.toLocaleString("en")}.`,
  );
}

/** `12.4 million`. */
export function count(number: number): string {
  if (number >= 1e9) return `${(number / 1e9).toFixed(1)} billion`;
  return number >= 1e6 ? `${(number / 1e6).toFixed(1)} million` : number.toLocaleString("en");
}

/** What onnxruntime says when a model does not load, and what it means. */
const meanings: readonly [RegExp, (found: RegExpExecArray) => string][] = [
  [
    /No Op registered for (\S+) with domain_version of (\d+)/,
    ([, operator, version]) =>
      `The operator ${operator} is not one of opset ${version}. Is it a custom operator, or the opset too old?`,
  ],
  [
    /No opset import for domain '([^']*)'/,
    ([, domain]) => `It uses operators of "${domain}", which onnxruntime does not have. Export it with standard operators.`,
  ],
  [
    /(\S+)\(-?\d*\) is not a registered function\/op/,
    ([, operator]) => `onnxruntime has no operator ${operator}. Export it with standard operators.`,
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    ([, given, highest]) =>
      `The file has IR version ${given}, and this onnxruntime reads up to ${highest}. Update onnxruntime-node, or set ir_version on export.`,
  ],
  [
    /Opset (\d+) is under development[\s\S]*domain (\S+) is till opset (\d+)/,
    ([, given, domain, highest]) =>
      `It asks for opset ${given} of ${domain}, and this onnxruntime knows up to ${highest}. Export with opset_version=${highest}, or update onnxruntime-node.`,
  ],
  [
    /Could not find an implementation for (\w+)\((\d+)\)/,
    ([, operator]) =>
      `onnxruntime cannot compute ${operator} for the types that the model gives it. Export it with 32-bit floats.`,
  ],
  [/not a complete ONNX model/, () => "The file is cut off, or not an ONNX model. Copy it again."],
  [/not an ONNX model|does not have a graph/, () => "The file is not an ONNX model."],
];

/** What is wrong, in plain words where it is known. */
function explained(problem: string): string {
  for (const [pattern, say] of meanings) {
    const found = pattern.exec(problem);
    if (found) return say(found);
  }
  return problem;
}
