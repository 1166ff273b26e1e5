import type { CortadoError } from "#kernel";
import type { ModelServer } from "../models/model-server.ts";
import type { Signature } from "../tensors/signature.ts";

/** Which version answers, and how. */
export interface RowWish {
  version?: string | undefined;
  alias?: string | undefined;
  deadline?: number | undefined;
  priority?: number | undefined;
}

/** What is done about a row that has no answer: it is asked again after a pause, or its error is kept, or all ends with it. */
export interface RowTrouble {
  /** Milliseconds. */
  pause?: number;
  /** Asked again as long as it takes, and not a few times only. */
  patient?: boolean;
  endsAll?: boolean;
}

/** What answers rows: the models of this process, or a server. */
export interface RowAnswerer {
  /** The version that answers from now on, and what it takes. */
  find(wish: RowWish): Promise<{ version: string; signature: Signature | undefined }>;
  ask(item: unknown, wish: RowWish, signal: AbortSignal): Promise<unknown>;
  troubleOf(error: unknown): RowTrouble;
  /** An error that ends all, as it is told. */
  shown(error: unknown): unknown;
}

/** Milliseconds after which a model that has no room is asked again. */
const BUSY_PAUSE = 50;
/** The same for one that is left alone because it broke. */
const BROKEN_PAUSE = 2000;

const busy = new Set(["SERVING_QUEUE_FULL", "SERVING_WAITED_TOO_LONG"]);
/** What is wrong with the model and not with a row. */
const fatal = new Set([
  "SERVING_UNKNOWN_MODEL",
  "SERVING_UNKNOWN_VERSION",
  "SERVING_UNKNOWN_ALIAS",
  "SERVING_NOT_READY",
  "SERVING_NOT_LOADED",
  "SERVING_NOT_STARTED",
  "SERVING_VERSION_FAILED",
]);

/** A model of this process. */
export class OwnAnswerer implements RowAnswerer {
  readonly #name: string;
  readonly #models: ModelServer;

  constructor(name: string, models: ModelServer) {
    this.#name = name;
    this.#models = models;
  }

  find(wish: RowWish): Promise<{ version: string; signature: Signature | undefined }> {
    return this.#models.signature(this.#name, wish);
  }

  async ask(item: unknown, wish: RowWish, signal: AbortSignal): Promise<unknown> {
    const { outputs } = await this.#models.predict(this.#name, [item], { ...wish, signal });
    return outputs[0];
  }

  troubleOf(error: unknown): RowTrouble {
    const { code } = error as CortadoError;
    if (busy.has(code)) return { pause: BUSY_PAUSE, patient: true };
    return code === "SERVING_MODEL_BROKEN" ? { pause: BROKEN_PAUSE } : { endsAll: fatal.has(code) };
  }

  shown(error: unknown): unknown {
    return error;
  }
}
