import { isUtf8 } from "node:buffer";
import { performance } from "node:perf_hooks";
import { CortadoError } from "#kernel";
import { servingErrors } from "../errors.ts";
import { inferRequest } from "../bodies/open-inference/infer-request.ts";
import { inferResponse } from "../bodies/open-inference/infer-response.ts";
import { itemsOf } from "../bodies/items-of-body.ts";
import { parseExact, takesLongIntegers } from "../tensors/exact-integers.ts";
import { itemToTensors, tensorsToItem, tensorsToNested } from "../tensors/items.ts";
import { describe } from "../tensors/read-json.ts";
import { scanInferBody, scanItemsBody } from "../tensors/scan-body.ts";
import { sameRowShape, splitTensors, stackTensors } from "../tensors/stack.ts";
import { structureProblem } from "../tensors/structure-problem.ts";
import { Tensor, type Tensors } from "../tensors/tensor.ts";
import { jsonSafe } from "../tensors/write-json.ts";
import type { Frame } from "./frame.ts";
import type { BodyNote, BodyRefusal, BodyTask } from "./messages.ts";

/*
 * How it works: a large body crosses to the host as it came, in the place of tensors. Here, on the model's own thread, it is
 * read, checked, run and answered with the bytes that the client gets; the web process parses and writes none of it.
 */

type Run = (inputs: Tensors) => Promise<Tensors>;

/** Reads a body, runs what it holds, and writes the answer. What is wrong with the body is told with its code. */
export async function answerBody(frame: Frame, run: Run): Promise<Omit<Frame, "lane">> {
  const task = frame.note as BodyTask;
  const { data } = frame.tensors["body"]!;
  const body = Buffer.from((data as Uint8Array).buffer, (data as Uint8Array).byteOffset, data.length);
  let milliseconds = 0;
  const timed: Run = async (inputs) => {
    const started = performance.now();
    try {
      return await run(inputs);
    } finally {
      milliseconds += performance.now() - started;
    }
  };
  try {
    const { bytes, note } = task.form === "infer" ? await answerInfer(body, task, timed) : await answerItems(body, task, timed);
    return { tensors: { body: new Tensor("UINT8", [bytes.byteLength], bytes) }, milliseconds, note };
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    return { tensors: {}, error: error.message, note: { code: error.code, hint: error.hint } satisfies BodyRefusal };
  }
}

interface Written {
  bytes: Buffer;
  note: BodyNote;
}

async function answerInfer(body: Buffer, task: BodyTask, run: Run): Promise<Written> {
  const { signature, headLength } = task;
  const head = headLength === undefined ? body : body.subarray(0, headLength);
  const rest = headLength === undefined ? undefined : body.subarray(headLength);
  const request = inferRequest(scanInferBody(head, signature) ?? parse(head, task), signature, rest);
  const answer = inferResponse(await run(request.tensors), request, task);
  const text = Buffer.from(JSON.stringify(answer.head));
  const rows = request.tensors[signature.inputs[0]!.name]!.shape[0] ?? 1;
  if (answer.binary.length === 0) return { bytes: text, note: { rows } };
  return { bytes: Buffer.concat([text, ...answer.binary]), note: { rows, headLength: text.byteLength } };
}

async function answerItems(body: Buffer, task: BodyTask, run: Run): Promise<Written> {
  const { signature, id, model, version } = task;
  const { items, single } = itemsOf(scanItemsBody(body, signature) ?? parse(body, task));
  if (items.length > task.mostItems) {
    const problem = `holds ${items.length} items, and ${task.mostItems} are taken at once`;
    throw servingErrors.SERVING_BAD_INPUT({ where: "inputs", problem });
  }
  const inputs = items.map((item, i) => itemToTensors(item, signature, single ? "input" : `inputs[${i}]`));
  const outputs = (await runRows(inputs, task, run)).map((made) => jsonSafe(tensorsToNested(tensorsToItem(made, signature))));
  const answer = single ? { output: outputs[0] ?? null } : { outputs };
  return { bytes: Buffer.from(JSON.stringify({ id, ...answer, model, version })), note: { rows: items.length } };
}

/** Runs rows together where that is allowed and they have one shape. */
async function runRows(inputs: readonly Tensors[], { mostRows }: BodyTask, run: Run): Promise<Tensors[]> {
  const outputs: Tensors[] = [];
  while (outputs.length < inputs.length) {
    const first = inputs[outputs.length]!;
    let end = outputs.length + 1;
    while (end < inputs.length && end - outputs.length < mostRows && sameRowShape(first, inputs[end]!)) end++;
    const rows = inputs.slice(outputs.length, end);
    outputs.push(
      ...splitTensors(
        await run(stackTensors(rows)),
        rows.map(() => 1),
      ),
    );
  }
  return outputs;
}

/** What the scanner could not read, read so that its errors can be told. */
function parse(bytes: Buffer, { signature }: BodyTask): Record<string, unknown> {
  const refuse = (problem: string) => servingErrors.SERVING_BAD_INPUT({ where: "The body", problem });
  if (!isUtf8(bytes)) throw refuse("is not UTF-8");
  const problem = structureProblem(bytes);
  if (problem) throw refuse(problem);
  const text = bytes.toString("utf8");
  try {
    const body: unknown = (takesLongIntegers(signature) ? parseExact(text) : undefined) ?? JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
    throw refuse(`is ${describe(body)}, and must be an object`);
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse(`is not JSON: ${error.message.replace(/\.$/, "")}`);
    throw error;
  }
}
