import type { Handler } from "../handlers/handler.ts";
import { CodeRepository } from "../repositories/code-repository.ts";
import type { ModelRepository } from "../repositories/model-repository.ts";
import { openSource } from "../repositories/open-source.ts";
import type { SourceSettings } from "../repositories/source-settings.ts";

interface ModelSourcesOptions extends SourceSettings {
  /** Where relative sources start. */
  root: string;
  warn: (message: string) => void;
}

/** The sources that are named, by handlers and in the settings, as the repositories behind them. */
export class ModelSources {
  readonly #options: ModelSourcesOptions;
  /** Where the versions of handlers come from that name a source. */
  readonly #ofHandlers = new Map<string, ModelRepository>();

  constructor(options: ModelSourcesOptions) {
    this.#options = options;
  }

  /** A source of the settings: a folder of models. @throws SERVING_UNKNOWN_SOURCE, SERVING_BAD_SOURCE, SERVING_SOURCE_NOT_ALLOWED */
  open(source: string): ModelRepository {
    return openSource(source, this.#options);
  }

  /** Where a handler's versions come from besides the folders of models; undefined for one that is trained. @throws as `open` */
  ofHandler({ name, options: { source, train } }: Handler): ModelRepository | undefined {
    if (source === undefined) return train === undefined ? new CodeRepository(name, this.#options.root) : undefined;
    const repository = openSource(source, { ...this.#options, model: name });
    this.#ofHandlers.set(name, repository);
    return repository;
  }

  /** True while the source that a handler names cannot be looked at. */
  isLost(model: string): boolean {
    return this.#ofHandlers.get(model)?.problem?.() !== undefined;
  }
}
