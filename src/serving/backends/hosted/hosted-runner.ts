import type { BodyRun, Inspection, RunOptions, TensorRunner } from "../../engines/runtime.ts";
import type { UnreadBody } from "../../engines/unread-body.ts";
import { withinSpan } from "../../engines/within-span.ts";
import type { HostedModel } from "../../hosts/hosted-model.ts";
import type { BodyNote } from "../../hosts/messages.ts";
import { Tensor, type Tensors } from "../../tensors/tensor.ts";

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

  async run(inputs: Tensors, { trace }: RunOptions) {
    const running = trace ? withinSpan(trace, { name: "host" }, () => this.#hosted.run(inputs)) : this.#hosted.run(inputs);
    const { tensors, milliseconds } = await running;
    return { result: tensors, milliseconds };
  }

  async runBody({ bytes, ...body }: UnreadBody, task: BodyRun) {
    const inputs = { body: new Tensor("UINT8", [bytes.byteLength], bytes) };
    const { model, signature } = this;
    const { tensors, milliseconds, note } = await this.#hosted.run(inputs, { ...body, ...task, model, signature });
    const { data } = tensors["body"]!;
    const { buffer, byteOffset, byteLength } = data as Uint8Array;
    return { result: { bytes: Buffer.from(buffer, byteOffset, byteLength), ...(note as BodyNote) }, milliseconds };
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
