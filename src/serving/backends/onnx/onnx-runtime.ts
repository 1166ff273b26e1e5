import { stat } from "node:fs/promises";
import { join } from "node:path";
import { queueDefaults } from "../../engines/engine.ts";
import type { Examination, ExamineOptions } from "../../engines/examination.ts";
import type { BodyRun, Inspection, RunOptions, Runtime, RuntimeVersion, TensorRunner } from "../../engines/runtime.ts";
import { withinSpan } from "../../engines/within-span.ts";
import type { UnreadBody } from "../../engines/unread-body.ts";
import type { HostedModel } from "../../hosts/hosted-model.ts";
import type { BodyNote, InspectRequest } from "../../hosts/messages.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import { Tensor, type Tensors } from "../../tensors/tensor.ts";
import type { OnnxFile } from "../sessions.ts";
import { examineFile } from "./examine-file.ts";
import { type OnnxOptions, type SessionSettings, sessionSettings } from "./onnx-options.ts";

/**
 * Runs `model.onnx` in model hosts, processes of their own. A version with such a file is run so without being told; the
 * function is for those that want other settings.
 *
 * ```ts
 * export const resnet = handler({
 *   name: "resnet",
 *   source: "file:models/resnet",
 *   runtime: onnx({ threads: 2, providers: ["cuda"], memory: 2 * 2 ** 30 }),
 * });
 * ```
 * @throws SERVING_BAD_RUNTIME
 */
export function onnx(options: OnnxOptions = {}): Runtime {
  return new OnnxRuntime(options);
}

class OnnxRuntime implements Runtime {
  readonly kind = "onnx";
  readonly needsFiles = true;
  readonly #settings: SessionSettings;
  readonly #memory: number | undefined;

  constructor(options: OnnxOptions) {
    this.#settings = sessionSettings(options);
    this.#memory = options.memory;
  }

  /** Tries the file in a throw-away host; with the handler's warm-up a second time, for turning items into rows needs the signature. */
  async inspect(version: RuntimeVersion): Promise<Inspection> {
    const { handler, pool, directory } = version;
    const file = { kind: "onnx", file: MODEL_FILE, settings: this.#settings } as const;
    const request: InspectRequest = { ...file, directory, probe: handler?.options.batch !== false };
    const found = await pool.inspect(request, this.#memory);
    const warmUp = await version.warmUp(found.signature);
    if (warmUp.length === 0) return found;
    const rows = warmUp.map((tensors) =>
      Object.entries(tensors).map(([name, { datatype, shape, data }]) => ({ name, datatype, shape, data })),
    );
    return pool.inspect({ ...request, warmUp: rows }, this.#memory);
  }

  examine({ directory, pool, warmUp }: RuntimeVersion, options: ExamineOptions): Promise<Examination> {
    const place = { directory, file: MODEL_FILE, settings: this.#settings, pool, memory: this.#memory, warmUp };
    return examineFile(place, options);
  }

  async load(version: RuntimeVersion, inspection: Inspection | undefined): Promise<TensorRunner> {
    const { handler, model, pool, directory } = version;
    const deadline = handler?.options.deadline ?? queueDefaults.deadline;
    const instances = handler?.options.instances ?? queueDefaults.instances;
    const file = { kind: "onnx", file: join(directory, MODEL_FILE), settings: this.#settings } as const;
    const hosted = pool.hold({
      model,
      file,
      instances,
      deadline,
      memory: this.#memory,
      expected: inspection?.memory,
      key: await keyOf(file),
    });
    try {
      await hosted.open();
    } catch (error) {
      hosted.close();
      throw error;
    }
    return new OnnxRunner(hosted, { ...inspection!, slots: instances, model });
  }
}

class OnnxRunner implements TensorRunner {
  readonly takes = "tensors";
  readonly model: string;
  readonly signature;
  readonly batches;
  readonly slots;
  readonly #hosted: HostedModel;
  readonly #memory: number | undefined;

  constructor(hosted: HostedModel, found: Inspection & { slots: number; model: string }) {
    this.#hosted = hosted;
    this.model = found.model;
    this.signature = found.signature;
    this.batches = found.batches;
    this.slots = found.slots;
    this.#memory = found.memory;
  }

  async run(inputs: Tensors, { trace }: RunOptions = {}) {
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

/** The same for everyone who runs these bytes of this file in this way. */
async function keyOf({ file, settings }: OnnxFile): Promise<string> {
  const { ino, size, mtimeMs } = await stat(file);
  return [file, ino, size, mtimeMs, JSON.stringify(settings)].join(" ");
}
