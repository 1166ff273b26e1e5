import { isUtf8 } from "node:buffer";
import { performance } from "node:perf_hooks";
import { CortadoError } from "#kernel";
import type { WrittenBody } from "../engines/unread-body.ts";
import { servingErrors } from "../errors.ts";
import { inferRequest } from "../bodies/open-inference/infer-request.ts";
import { inferResponse } from "../bodies/open-inference/infer-response.ts";
import { itemsOf } from "../bodies/items-of-body.ts";
import { parseExact, takesLongIntegers } from "../tensors/exact-integers.ts";
import { itemToTensors, tensorsToItem, tensorsToNested } from "../tensors/items.ts";
import { opaqueBytes, opaqueTensor } from "../tensors/bytes.ts";
import { describe } from "../tensors/read-json.ts";
import { scanInferBody, scanItemsBody } from "../tensors/scan-body.ts";
import { sameRowShape, splitTensors, stackTensors } from "../tensors/stack.ts";
import { structureProblem } from "../tensors/structure-problem.ts";
import { noTensors, type Tensors } from "../tensors/tensor.ts";
import { jsonSafe } from "../tensors/write-json.ts";
import type { Frame } from "./frame.ts";
import type { BodyNote, BodyRefusal, BodyTask } from "./messages.ts";

/*
 * How it works: bodies cross to the host as they came, in the place of tensors. Here, on the model's own thread, they are read,
 * checked, run together and answered with the bytes that their clients get; the web process parses and writes none of them. One
 * that is refused does not fail the others.
 */

type Run = (inputs: Tensors) => Promise<Tensors>;

/** Tensors that are run with others, and how many rows they are. */
interface Rows {
  tensors: Tensors;
  rows: number;
}

/** A body that was read: what of it is run, and how its answer is written. */
interface ReadBody {
  sets: readonly Rows[];
  write(outputs: readonly Tensors[]): WrittenBody;
}

/** Reads bodies, runs what they hold, and writes the answers. What is wrong with a body is told with its code. */
export async function answerBodies(frame: Frame, run: Run): Promise<Omit<Frame, "lane">> {
  const task = frame.note as BodyTask;
  const started = performance.now();
  const bodies = task.bodies.map((_, i) => refusing(() => readBody(opaqueBytes(frame.tensors[i]!), task, i)));
  const sets = bodies.flatMap((body) => ("code" in body ? [] : body.sets));
  const began = performance.now();
  const outputs = await runRows(sets, task.mostRows, run);
  const ran = performance.now();
  const tensors = noTensors();
  let at = 0;
  const told = bodies.map((body, i) => {
    if ("code" in body) return body;
    const own = outputs.slice(at, (at += body.sets.length));
    const written = refusing(() => body.write(own));
    if ("code" in written) return written;
    const { bytes, ...about } = written;
    tensors[i] = opaqueTensor(bytes);
    return about;
  });
  const rows = sets.reduce((sum, set) => sum + set.rows, 0);
  const note: BodyNote = { bodies: told, rows, input: began - started, output: performance.now() - ran };
  return { tensors, milliseconds: ran - began, note };
}

function refusing<T extends object>(make: () => T): T | BodyRefusal {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
}

function readBody(body: Buffer, task: BodyTask, place: number): ReadBody {
  const { form, headLength, id } = task.bodies[place]!;
  return form === "infer" ? readInfer(body, task, headLength) : readItems(body, task, id);
}

function readInfer(body: Buffer, task: BodyTask, headLength: number | undefined): ReadBody {
  const { signature } = task;
  const head = headLength === undefined ? body : body.subarray(0, headLength);
  const rest = headLength === undefined ? undefined : body.subarray(headLength);
  const request = inferRequest(scanInferBody(head, signature) ?? parse(head, task), signature, rest);
  const { tensors } = request;
  const rows = tensors[signature.inputs[0]!.name]!.shape[0] ?? 1;
  const write = ([outputs]: readonly Tensors[]): WrittenBody => {
    const answer = inferResponse(outputs!, request, task);
    const text = Buffer.from(JSON.stringify(answer.head));
    if (answer.binary.length === 0) return { bytes: text };
    return { bytes: Buffer.concat([text, ...answer.binary]), headLength: text.byteLength };
  };
  return { sets: [{ tensors, rows }], write };
}

function readItems(body: Buffer, task: BodyTask, id: string | undefined): ReadBody {
  const { signature, model, version } = task;
  const { items, single } = itemsOf(scanItemsBody(body, signature) ?? parse(body, task));
  if (items.length > task.mostItems) {
    const problem = `holds ${items.length} items, and ${task.mostItems} are taken at once`;
    throw servingErrors.SERVING_BAD_INPUT({ where: "inputs", problem });
  }
  const where = (i: number) => (single ? "input" : `inputs[${i}]`);
  const sets = items.map((item, i) => ({ tensors: itemToTensors(item, signature, where(i)), rows: 1 }));
  const write = (rows: readonly Tensors[]): WrittenBody => {
    const outputs = rows.map((made) => jsonSafe(tensorsToNested(tensorsToItem(made, signature))));
    const answer = single ? { output: outputs[0] ?? null } : { outputs };
    return { bytes: Buffer.from(JSON.stringify({ id, ...answer, model, version })) };
  };
  return { sets, write };
}

/** Runs rows together where that is allowed and they have one shape. */
async function runRows(sets: readonly Rows[], mostRows: number, run: Run): Promise<Tensors[]> {
  const outputs: Tensors[] = [];
  while (outputs.length < sets.length) {
    const first = sets[outputs.length]!;
    let end = outputs.length + 1;
    let rows = first.rows;
    for (; end < sets.length; end++) {
      const next = sets[end]!;
      if (rows + next.rows > mostRows || !sameRowShape(first.tensors, next.tensors)) break;
      rows += next.rows;
    }
    const together = sets.slice(outputs.length, end);
    const made = await run(stackTensors(together.map(({ tensors }) => tensors)));
    const counts = together.map((set) => set.rows);
    outputs.push(...splitTensors(made, counts));
  }
  return outputs;
}

/** What the scanner could not read, read so that its errors can be told. */
function parse(bytes: Buffer, { signature }: BodyTask): Record<string, unknown> {
  const refuse = (problem: string) => servingErrors.SERVING_BAD_INPUT({ where: "The body", problem });
  if (!isUtf8(bytes)) throw refuse("is not UTF-8");
  const problem = structureProblem(bytes);
  if (problem) throw refuse(problem);
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  try {
    const body: unknown = (takesLongIntegers(signature) ? parseExact(text) : undefined) ?? JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
    throw refuse(`is ${describe(body)}, and must be an object`);
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse(`is not JSON: ${error.message.replace(/\.$/, "")}`);
    throw error;
  }
}
