import type { Runtime } from "../../engines/runtime.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { RemoteOptions } from "../remote/remote-options.ts";
import { remoteRuntime } from "../remote/remote-runtime.ts";
import { connectOpenInference } from "./connect.ts";

export interface OpenInferenceOptions extends RemoteOptions {
  /** What the model takes and gives, where the engine does not tell it. */
  signature?: Signature | undefined;
  /** Whether tensors are sent as bytes. Default: where the engine says that it reads them. */
  binary?: boolean | undefined;
}

/**
 * Runs a model on an engine elsewhere that speaks the Open Inference Protocol: Triton, KServe, MLServer, another Cortado.
 * Cortado checks, queues, batches and logs what goes there. Its signature is the engine's metadata.
 *
 * ```ts
 * export const far = handler({ name: "resnet", runtime: openInference({ url: "http://triton:8000", model: "resnet" }) });
 * ```
 * @throws SERVING_BAD_REMOTE
 */
export function openInference(options: OpenInferenceOptions): Runtime {
  return remoteRuntime(options, {
    kind: "open-inference",
    name: "openInference",
    connect: (client, context) => connectOpenInference(client, { ...context, options }),
  });
}
