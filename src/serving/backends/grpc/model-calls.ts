import { serverReady as allReady } from "../../protocols/waiting-models.ts";
import { modelsVisibleTo } from "../../protocols/access.ts";
import { modelConfig } from "../../protocols/open-inference/model-config.ts";
import { modelStatistics } from "../../protocols/open-inference/model-statistics.ts";
import { serverMetadata } from "../../protocols/open-inference/server-metadata.ts";
import { findModel, findTensorModel, isReady, modelMetadata, type Params } from "../../protocols/open-inference/tensor-model.ts";
import { authorize, type Call } from "./calls.ts";
import type { ModelRequest } from "./messages.ts";

/** The model and version of a request; an empty version is none. */
export function paramsOf({ name, version }: ModelRequest): Params {
  return version === "" ? { name } : { name, version };
}

/** True when every model can answer that is to, and the server is not about to close. */
export function serverReady({ models, closing }: Pick<Call, "models" | "closing">): boolean {
  return !closing.aborted && allReady(models);
}

/** What is asked about the server, and about a model without running it. */
export const modelCalls = {
  ServerLive: () => ({ live: true }),
  ServerReady: (_request: object, call: Call) => ({ ready: serverReady(call) }),
  ServerMetadata: (_request: object, call: Call) => serverMetadata(call.serverName),
  async ModelReady(request: ModelRequest, call: Call) {
    const params = paramsOf(request);
    await authorize(call, "list", findModel(call.models, params));
    return { ready: isReady(call.models, params) };
  },
  async ModelMetadata(request: ModelRequest, call: Call) {
    const params = paramsOf(request);
    await authorize(call, "list", findTensorModel(call.models, params));
    return modelMetadata(call.models, params);
  },
  async ModelConfig(request: ModelRequest, call: Call) {
    const params = paramsOf(request);
    await authorize(call, "list", findTensorModel(call.models, params));
    return { config: await modelConfig(call.models, params) };
  },
  /** Without a name, of every model that the caller may see. */
  async ModelStatistics(request: ModelRequest, call: Call) {
    const { models, caller } = call;
    if (request.name === "") {
      const visible = await modelsVisibleTo(caller, call);
      return { model_stats: visible.flatMap(({ name }) => modelStatistics(models, { name })) };
    }
    const params = paramsOf(request);
    await authorize(call, "list", findModel(models, params));
    return { model_stats: modelStatistics(models, params) };
  },
};
