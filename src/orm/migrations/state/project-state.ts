import { didYouMean } from "#kernel";
import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import { migrationErrors } from "../errors.ts";
import type { FieldState } from "./field-state.ts";

/** The options of a model that a state keeps. */
export interface StateOptions {
  readonly ordering?: readonly string[] | undefined;
  readonly indexes?: readonly Index[] | undefined;
  readonly constraints?: readonly Constraint[] | undefined;
  readonly dbTable?: string | undefined;
  readonly dbTableComment?: string | undefined;
  readonly managed?: boolean | undefined;
  /** A foreign key beneath which rows have an order. */
  readonly orderWithRespectTo?: string | undefined;
  /** Whether the model has the table of its base. */
  readonly proxy?: boolean | undefined;
  /** The keys of the models that it has its table or its first columns from. */
  readonly bases?: readonly string[] | undefined;
  readonly [option: string]: unknown;
}

/** A model at one point of a project's history. */
export interface ModelState {
  readonly app: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldState>>;
  readonly options: StateOptions;
}

/** `shop.Coffee`. */
export function modelKey(model: { app: string; name: string }): string {
  return `${model.app}.${model.name}`;
}

/**
 * Every model of a project at one point of its history, replayed from migration files. Models are never
 * changed in place: an operation puts a new one, so that two states can be compared by identity.
 */
export class ProjectState {
  readonly #models: Map<string, ModelState>;

  constructor(models: Iterable<ModelState> = []) {
    this.#models = new Map([...models].map((model) => [modelKey(model), model]));
  }

  /** The operation that is being replayed, as an error names it: `operation 2 of 4 of shop.0003_price, "Add field price to Coffee"`. */
  place: string | undefined;

  clone(): ProjectState {
    const copy = new ProjectState(this.#models.values());
    copy.place = this.place;
    return copy;
  }

  models(): ModelState[] {
    return [...this.#models.values()];
  }

  keys(): string[] {
    return [...this.#models.keys()];
  }

  get(key: string): ModelState | undefined {
    return this.#models.get(key);
  }

  /** @throws MIGRATIONS_UNKNOWN_MODEL */
  require(app: string, name: string): ModelState {
    const model = this.#models.get(modelKey({ app, name }));
    if (model) return model;
    const known = this.models().filter((one) => one.app === app);
    const names = known.map((one) => one.name);
    throw migrationErrors.MIGRATIONS_UNKNOWN_MODEL({ place: this.place, app, name, known: names, hint: didYouMean(name, names) });
  }

  /** @throws MIGRATIONS_UNKNOWN_FIELD */
  requireField(app: string, modelName: string, name: string): FieldState {
    const model = this.require(app, modelName);
    const field = model.fields[name];
    if (field) return field;
    const known = Object.keys(model.fields);
    const hint = didYouMean(name, known);
    throw migrationErrors.MIGRATIONS_UNKNOWN_FIELD({ place: this.place, model: modelKey(model), name, known, hint });
  }

  put(model: ModelState): void {
    this.#models.set(modelKey(model), model);
  }

  remove(key: string): void {
    this.#models.delete(key);
  }

  /** Puts a changed copy of a model. */
  change(app: string, name: string, change: (model: ModelState) => Partial<ModelState>): void {
    const model = this.require(app, name);
    this.put({ ...model, ...change(model) });
  }

  /** Replaces a model under a new key, where it stood. */
  replace(key: string, model: ModelState): void {
    const entries = [...this.#models].map(([k, m]) => (k === key ? ([modelKey(model), model] as const) : ([k, m] as const)));
    this.#models.clear();
    for (const [k, m] of entries) this.#models.set(k, m);
  }
}
