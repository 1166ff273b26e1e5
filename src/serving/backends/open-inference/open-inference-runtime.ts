import type { Runtime } from "../../engines/runtime.ts";
import type { Signature } from "../../tensors/signature.ts";
import { type RemoteOptions, remoteUrl } from "../remote/remote-options.ts";
import { contextOf, engineElsewhere, remoteRuntime } from "../remote/remote-runtime.ts";
import { connectOpenInference } from "./connect.ts";
import { GrpcEngine } from "./grpc-engine.ts";
import { connectOverGrpc } from "./connect-over-grpc.ts";

export interface OpenInferenceOptions extends RemoteOptions {
  /** What the model takes and gives, where the engine does not tell it. */
  signature?: Signature | undefined;
  /** Whether tensors are sent as bytes. Default: where the engine says that it reads them. */
  binary?: boolean | undefined;
}

/**
 * Runs a model on an engine elsewhere that speaks the Open Inference Protocol: Triton, KServe, MLServer, another Cortado.
 * Cortado checks, queues, batches and logs what goes there. Its signature is the engine's metadata. An address of `grpc://`, or
 * `grpcs://` over TLS, is asked over gRPC.
 *
 * ```ts
 * export const far = handler({ name: "resnet", runtime: openInference({ url: "http://triton:8000", model: "resnet" }) });
 * ```
 * @throws SERVING_BAD_REMOTE
 */
export function openInference(options: OpenInferenceOptions): Runtime {
  const url = remoteUrl("openInference", options, ["http:", "https:", "grpc:", "grpcs:"]);
  if (url.protocol.startsWith("grpc")) return overGrpc(options, url);
  return remoteRuntime(options, {
    kind: "open-inference",
    name: "openInference",
    connect: (client, context) => connectOpenInference(client, { ...context, options }),
  });
}

function overGrpc(options: OpenInferenceOptions, url: URL): Runtime {
  return engineElsewhere("open-inference", async (version) => {
    const context = contextOf(version, options);
    const { model, deadline } = context;
    const engine = await GrpcEngine.open({ url, headers: options.headers ?? {}, model, deadline });
    try {
      return await connectOverGrpc(engine, { ...context, options });
    } catch (error) {
      engine.close();
      throw error;
    }
  });
}
