import type { ModelVersion } from "../models/model-version.ts";
import type { ModelAliases } from "./model-aliases.ts";
import { type Answered, ShadowComparison, type ShadowStatistics } from "./shadow-comparison.ts";

interface AliasShadowsOptions {
  aliases: ModelAliases;
  version(name: string): ModelVersion | undefined;
}

/** The shadows of a model's aliases: what an alias has answered is asked of its shadow, too. */
export class AliasShadows {
  readonly #options: AliasShadowsOptions;
  readonly #comparisons = new Map<string, ShadowComparison>();

  constructor(options: AliasShadowsOptions) {
    this.#options = options;
  }

  /** For each alias, how its shadow compares. */
  statistics(): Record<string, ShadowStatistics> {
    return Object.fromEntries([...this.#comparisons].map(([alias, { statistics }]) => [alias, { ...statistics }]));
  }

  /** Has the shadow of the alias that was asked answer it too, if it has one. */
  compare(answered: Answered): void {
    const { version, alias, sequence } = answered.options;
    // A body that was answered unread cannot be asked again.
    if (Array.isArray(answered.inputs) && answered.inputs.length < answered.outputs.length) return;
    // A certain version was wanted, or a step of a sequence, which has its meaning only within the sequence.
    if ((version !== undefined && alias === undefined) || sequence !== undefined) return;
    const name = alias ?? "default";
    const rule = this.#options.aliases.get(name)?.shadow;
    const shadow = rule && this.#options.version(rule.version);
    if (!shadow) return;
    let comparison = this.#comparisons.get(name);
    if (comparison?.isOf !== shadow) this.#comparisons.set(name, (comparison = new ShadowComparison(shadow)));
    comparison.compare(rule, answered);
  }
}
