import { didYouMean } from "#kernel";
import type { Field } from "../../fields/field.ts";
import { buildModel } from "../../model/build-model.ts";
import type { ModelClass } from "../../model/model-class.ts";
import type { ModelOptions } from "../../model/model-options.ts";
import { resolveKey } from "../../model/registry.ts";
import { defineRelationAccessor } from "../../relations/accessors.ts";
import { migrationErrors } from "../errors.ts";
import { fieldBuilders, relationBuilders } from "./field-builders.ts";
import type { FieldState } from "./field-state.ts";
import type { ProjectState } from "./project-state.ts";

/** The models of a project as they were at one point of its history, with their fields but without their methods. */
export interface HistoricalModels {
  /**
   * `models.get("shop", "Coffee")`, with `objects` and instances, whose relations lead both ways: `roaster.coffeeSet`,
   * or the `relatedName`. @throws MIGRATIONS_UNKNOWN_MODEL
   */
  get(app: string, name: string): ModelClass<any>;
  /** The model for its table's sake: without the ways back, which need every other model. @internal */
  shape(app: string, name: string): ModelClass;
}

const rendered = new WeakMap<ProjectState, HistoricalModels>();

/** The models of a state; each is made when it is first asked for. The state must not change any more. */
export function historicalModels(state: ProjectState): HistoricalModels {
  const found = rendered.get(state) ?? render(state);
  rendered.set(state, found);
  return found;
}

function render(state: ProjectState): HistoricalModels {
  const made = new Map<string, ModelClass>();
  const resolve = (key: string): ModelClass => {
    const [app = "", name = ""] = resolveKey(key).split(".");
    return shape(app, name);
  };
  const shape = (app: string, name: string): ModelClass => {
    const { fields: states, options } = state.require(app, name);
    const known = made.get(`${app}.${name}`);
    if (known) return known;
    const fields = Object.fromEntries(Object.entries(states).map(([key, field]) => [key, buildField(field)]));
    const model = buildModel({ app, name, fields, options: options as ModelOptions, resolve });
    model.meta.siblings = siblings;
    made.set(`${app}.${name}`, model);
    return model;
  };
  const siblings = (): ModelClass[] => state.models().map((model) => shape(model.app, model.name));
  const complete = new WeakSet<ModelClass>();
  const get = (app: string, name: string): ModelClass => {
    const model = shape(app, name);
    if (complete.has(model)) return model;
    for (const way of model.meta.reverse) defineRelationAccessor(model.prototype as object, way.name);
    complete.add(model);
    return model;
  };
  return { get, shape };
}

/** A field from what a migration says of it. @throws MIGRATIONS_UNKNOWN_KIND */
function buildField({ kind, options }: FieldState): Field {
  const { to, ...others } = options;
  const relation = relationBuilders[kind];
  if (relation) return relation(to as string, others);
  const builder = fieldBuilders[kind];
  if (builder) return builder(others);
  const known = [...Object.keys(fieldBuilders), ...Object.keys(relationBuilders)];
  throw migrationErrors.MIGRATIONS_UNKNOWN_KIND({ kind, known, hint: didYouMean(kind, known) });
}
