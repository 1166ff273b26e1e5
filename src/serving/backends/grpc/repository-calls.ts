import { CortadoError } from "#kernel";
import { HttpError } from "#http";
import { modelsVisibleTo } from "../../protocols/access.ts";
import { repositoryIndex } from "../../protocols/open-inference/repository-index.ts";
import { authorize, type Call } from "./calls.ts";

interface RepositoryRequest {
  model_name: string;
  parameters: Readonly<Record<string, unknown>>;
}

/** What there is, loaded or not, and bringing it in and out of memory. */
export const repositoryCalls = {
  async RepositoryIndex({ ready }: { ready: boolean }, call: Call) {
    return { models: await repositoryIndex(call.models, { visible: await modelsVisibleTo(call.caller, call), ready }) };
  },

  /** Files and settings come from the operator alone, never with the request. */
  async RepositoryModelLoad({ model_name: name, parameters }: RepositoryRequest, call: Call) {
    await mayManage(call, name);
    const refused = Object.keys(parameters).find((key) => key === "config" || key.startsWith("file:"));
    if (refused !== undefined)
      throw failed(name, `the parameter "${refused}" is not taken: a model's files and settings are its operator's`);
    try {
      await call.models.load(name);
    } catch (error) {
      if (error instanceof CortadoError && !(error instanceof HttpError)) throw failed(name, error.message);
      throw error;
    }
    return {};
  },

  /** Answered when what was in flight has been answered. */
  async RepositoryModelUnload({ model_name: name }: RepositoryRequest, call: Call) {
    await mayManage(call, name);
    if (!call.models.list().some((model) => model.name === name))
      throw new HttpError(400, `failed to unload '${name}', there is no such model`);
    await call.models.unload(name);
    return {};
  },
};

async function mayManage(call: Call, name: string): Promise<void> {
  await authorize(
    call,
    "manage",
    call.models.list().find((model) => model.name === name),
  );
}

function failed(name: string, reason: string): HttpError {
  return new HttpError(400, `failed to load '${name}', ${reason}`);
}
