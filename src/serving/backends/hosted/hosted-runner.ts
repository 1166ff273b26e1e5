import { HttpError, parseJson } from "#http";
import type { BodyRun, Inspection, RunOptions, TensorRunner } from "../../engines/runtime.ts";
import { LARGE_BODY, type UnreadBody } from "../../engines/unread-body.ts";
import { withinSpan } from "../../engines/within-span.ts";
import type { HostedModel } from "../../hosts/hosted-model.ts";
import type { BodyNote, BodyRefusal, BodyTask } from "../../hosts/messages.ts";
import { opaqueBytes, opaqueTensor } from "../../tensors/bytes.ts";
import { MOST_LEVELS } from "../../tensors/structure-problem.ts";
import { noTensors, type Tensors } from "../../tensors/tensor.ts";

/** Runs a model file that hosts hold. */
export class HostedRunner implements TensorRunner {
  readonly takes = "tensors";
  readonly model: string;
  readonly signature;
  readonly batches;
  readonly slots;
  readonly ahead;
  readonly #hosted: HostedModel;
  readonly #memory: number | undefined;

  constructor(hosted: HostedModel, found: Inspection & { slots: number; model: string }) {
    this.#hosted = hosted;
    this.model = found.model;
    this.signature = found.signature;
    this.batches = found.batches;
    this.slots = found.slots;
    this.ahead = hosted.ahead;
    this.#memory = found.memory;
  }

  async run(inputs: Tensors, options: RunOptions) {
    const { tensors, milliseconds } = await this.#run(inputs, options);
    return { result: tensors, milliseconds };
  }

  async runBodies(bodies: readonly UnreadBody[], run: BodyRun, options: RunOptions) {
    const inputs = noTensors();
    for (const [i, { bytes }] of bodies.entries()) inputs[i] = opaqueTensor(bytes);
    const { model, signature } = this;
    const task = { ...run, model, signature, bodies: bodies.map(({ bytes: _, ...about }) => about) };
    const { tensors, milliseconds, note } = await this.#run(inputs, options, task);
    const { bodies: told, ...about } = note as BodyNote;
    const answers = told.map((each, i) => {
      if ("code" in each) return whyRefused(each, bodies[i]!);
      return { ...each, bytes: opaqueBytes(tensors[i]!) };
    });
    return { result: { ...about, answers }, milliseconds };
  }

  #run(inputs: Tensors, { trace }: RunOptions, task?: BodyTask) {
    const run = () => this.#hosted.run(inputs, task);
    return trace ? withinSpan(trace, { name: "host" }, run) : run();
  }

  /** What one copy occupied when it was tried, for each of the copies. */
  memory(): number | undefined {
    return this.#memory === undefined ? undefined : this.#memory * this.slots;
  }

  problem(): string | undefined {
    return this.#hosted.problem;
  }

  close(): void {
    this.#hosted.close();
  }
}

/** Why a body was refused. Of one that is no JSON it is told as of those that are read here, with the place; a large one takes too long for that. */
function whyRefused(refusal: BodyRefusal, { bytes, headLength }: UnreadBody): Error {
  try {
    if (bytes.byteLength < LARGE_BODY) parseJson(bytes.subarray(0, headLength), MOST_LEVELS);
  } catch (error) {
    return error as Error;
  }
  return new HttpError(400, refusal.message, refusal);
}
