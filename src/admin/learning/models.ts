import { type HandlerAction, handlerPermission, type RequestUser } from "#auth";
import type { Services } from "#kernel";
import { gettextNoop } from "#kernel/i18n";
import type { ModelInfo, ModelServer } from "#serving";

/** Whether a user may do something to a machine-learning model. Who may enter the admin may ask a public one. */
export async function mayUse(user: RequestUser, model: ModelInfo, action: HandlerAction): Promise<boolean> {
  if (action === "predict" && model.access === "public") return true;
  return user.hasPermission(handlerPermission(model.name, action));
}

/** The served models that a user may do anything to. */
export async function visibleModels(services: Services, user: RequestUser): Promise<ModelInfo[]> {
  const seen: ModelInfo[] = [];
  for (const model of services.models?.list() ?? []) if (await isVisible(user, model)) seen.push(model);
  return seen;
}

async function isVisible(user: RequestUser, model: ModelInfo): Promise<boolean> {
  for (const action of ["predict", "train", "manage"] as const) if (await mayUse(user, model, action)) return true;
  return false;
}

/** The version that answers where none is named. */
export function defaultVersion(model: ModelInfo): string | undefined {
  return model.aliases["default"];
}

const tones: Record<string, string> = {
  ready: "good",
  succeeded: "good",
  running: "model",
  queued: "",
  loading: "model",
  unloading: "warn",
  cancelling: "warn",
  interrupted: "warn",
  failed: "bad",
};

/** The colour of a state's badge. */
export function toneOf(state: string): string {
  return tones[state] ?? "";
}

/** A model's state in one word, for a badge. */
export function stateOf(models: ModelServer, model: ModelInfo): string {
  if (model.ready) return gettextNoop("ready");
  if (model.versions.length === 0) return gettextNoop("no version");
  const hasFailed = models.versions(model.name).some(({ state }) => state === "failed");
  return hasFailed ? gettextNoop("failed") : gettextNoop("not loaded");
}
