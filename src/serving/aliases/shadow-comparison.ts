import type { Engine } from "../engines/engine.ts";
import type { PredictOptions } from "../handlers/handler.ts";
import type { Shadow } from "./alias-target.ts";
import { NEAR } from "../tensors/near.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { firstDifference } from "./first-difference.ts";
import type { ModelVersion } from "../models/model-version.ts";

/** How the answers of an alias's shadow compare with those that were given, since the process started. */
export interface ShadowStatistics {
  version: string;
  agreed: number;
  differed: number;
  /** Requests that it did not answer at all. */
  failed: number;
  /** Requests that it was not asked, because it had not caught up with earlier ones. */
  skipped: number;
  /** Where the last answer that differed did so: `outputs[0].scores[3]`. */
  lastDifference?: string;
}

/** A request that was answered. */
export interface Answered {
  inputs: readonly unknown[] | Tensors;
  outputs: readonly unknown[];
  options: PredictOptions;
}

/** How many requests a shadow may be behind. */
const MOST_BEHIND = 16;

/** Asks one version what another has answered, and counts how often they agree. Nobody waits for it. */
export class ShadowComparison {
  readonly statistics: ShadowStatistics;
  readonly #version: ModelVersion;
  #behind = 0;

  constructor(version: ModelVersion) {
    this.#version = version;
    this.statistics = { version: version.version, agreed: 0, differed: 0, failed: 0, skipped: 0 };
  }

  get isOf(): ModelVersion {
    return this.#version;
  }

  /** Begins to compare, where the rule's share lets it and the shadow keeps up. */
  compare({ percent = 100, tolerance = NEAR }: Shadow, answered: Answered): void {
    if (Math.random() * 100 >= percent) return;
    if (this.#behind >= MOST_BEHIND) this.statistics.skipped++;
    else void this.#compare(tolerance, answered);
  }

  async #compare(tolerance: number, { inputs, outputs }: Answered): Promise<void> {
    this.#behind++;
    try {
      const answers = await this.#version.use(askAgain, inputs);
      this.#count(firstDifference(outputs, answers, tolerance));
    } catch {
      this.statistics.failed++;
    } finally {
      this.#behind--;
    }
  }

  #count(difference: string | undefined): void {
    if (difference === undefined) this.statistics.agreed++;
    else {
      this.statistics.differed++;
      this.statistics.lastDifference = `outputs${difference}`;
    }
  }
}

/** Without the caller's signal and deadline: the caller has its answer. */
async function askAgain(engine: Engine, inputs: Answered["inputs"]): Promise<unknown[]> {
  const isItems = Array.isArray(inputs);
  const answers = isItems ? await engine.answer(inputs as readonly unknown[]) : [await engine.infer!(inputs as Tensors)];
  return answers.map((answer) => answer.result);
}
