import { CortadoError } from "#kernel";
import type { Inspection, ItemRunner, RunOptions, Runtime, RuntimeVersion } from "../../engines/runtime.ts";
import { withinSpan } from "../../engines/within-span.ts";
import { servingErrors } from "../../errors.ts";
import type { HostedModel } from "../../hosts/hosted-model.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import { sessionSettings } from "../onnx/onnx-options.ts";
import type { IsolatedSettings } from "./isolated-settings.ts";
import { type IsolatedAnswer, type IsolatedQuestion, packValue, unpackValue } from "./item-frame.ts";

/**
 * Runs a whole handler in a process of its own: its module is imported there, and its schemas, `initialize`, `preprocess`,
 * `inference` and `postprocess` run there, beside the model. What it throws is an answer; when it hangs, exits or grows too
 * large, its process is ended and started again, as one that holds a model is.
 */
export const isolatedRuntime: Runtime = {
  kind: "isolated",
  needsFiles: false,
  async inspect({ handler, pool, directory }): Promise<Inspection> {
    if (!hasModel(handler)) return { signature: { inputs: [], outputs: [] }, batches: true };
    const file = { kind: "onnx", file: MODEL_FILE, settings: sessionSettings({}) } as const;
    return pool.inspect({ ...file, directory, probe: handler?.options.batch !== false });
  },
  async load(version, inspection) {
    const { handler, model, pool } = version;
    const { deadline, instances } = version.limits;
    const settings = settingsOf(version, hasModel(handler) ? inspection : undefined);
    const file = { kind: "isolated", file: settings.module, settings } as const;
    const hosted = pool.hold({ model, file, instances, deadline, own: true });
    await hosted.open();
    return new IsolatedRunner(hosted, { model, instances, inspection: settings.inspection });
  },
};

function hasModel(handler: RuntimeVersion["handler"]): boolean {
  return handler?.options.inference === undefined && handler?.options.stream === undefined;
}

function settingsOf(version: RuntimeVersion, inspection: Inspection | undefined): IsolatedSettings {
  const { handler, limits, model: name, version: number, directory, root, manifest } = version;
  return { module: handler!.options.isolate!, name, version: number, directory, root, manifest, limits, inspection };
}

class IsolatedRunner implements ItemRunner {
  readonly takes = "items";
  readonly checks = true;
  readonly batches = true;
  readonly slots: number;
  readonly signature;
  readonly #model: string;
  readonly #hosted: HostedModel;
  readonly #memory: number | undefined;

  constructor(hosted: HostedModel, made: { model: string; instances: number; inspection: Inspection | undefined }) {
    this.#hosted = hosted;
    this.#model = made.model;
    this.slots = made.instances;
    this.signature = made.inspection?.signature;
    this.#memory = made.inspection?.memory;
  }

  async run(items: unknown[], { trace, requestId }: RunOptions) {
    const question: IsolatedQuestion = { items, requestId };
    const { tensors, milliseconds } = await withinSpan(trace, { name: "host" }, () => this.#hosted.run(packValue(question)));
    const answer = unpackValue(tensors) as IsolatedAnswer;
    if ("results" in answer) return { result: answer.results, milliseconds };
    const { code, message, hint } = answer.problem;
    if (code?.startsWith("SERVING_")) throw new CortadoError(code, message, { hint });
    throw servingErrors.SERVING_HANDLER_FAILED({ model: this.#model, reason: message });
  }

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
