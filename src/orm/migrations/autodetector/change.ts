import { type FieldState, isRelation, relatedModels } from "../state/field-state.ts";
import type { Operation } from "../operations/operation.ts";
import { modelKey, type ModelState, type ProjectState } from "../state/project-state.ts";

/**
 * An operation that was found, and its place among the others: it comes after every change that gives
 * what it needs. The words are `model:shop.Coffee`, `field:shop.Coffee.name`, `altered:shop.Coffee.name`,
 * `gone:shop.Coffee.name`, `renamed:shop.Coffee`, `deleted:shop.Coffee` and, for indexes and constraints that must be out of
 * the way of a field, `uncovered:shop.Coffee.name`.
 */
export interface Change {
  readonly app: string;
  readonly operation: Operation;
  readonly needs: readonly string[];
  readonly gives: readonly string[];
}

/** What every phase of the detection works on. */
export interface Detection {
  /** The models as the migrations, and the changes found so far, leave them. */
  readonly current: ProjectState;
  /** The models as they are declared. */
  readonly wanted: ProjectState;
  readonly changes: Change[];
  /** The model behind a swappable key; other keys stand for themselves. */
  readonly resolveKey: (key: string) => string;
}

/** Notes a change and applies it, so that later phases see its effect. */
export function record({ current, changes }: Detection, change: Change): void {
  change.operation.applyToState(change.app, current);
  changes.push(change);
}

/** The models that a field's table refers to. */
export function neededModels(field: FieldState): string[] {
  return relatedModels(field).map((key) => `model:${key}`);
}

/** Models on both sides, each with its two states. */
export function keptModels({ current, wanted }: Detection): { before: ModelState; after: ModelState }[] {
  return wanted.models().flatMap((after) => {
    const before = current.get(modelKey(after));
    return before ? [{ before, after }] : [];
  });
}

/** The relations of models that lead to one, its own among them. */
export function referencesTo(state: ProjectState, key: string): { model: string; field: string }[] {
  return state.models().flatMap((model) =>
    Object.entries(model.fields)
      .filter(([, field]) => isRelation(field) && relatedModels(field).includes(key))
      .map(([field]) => ({ model: modelKey(model), field })),
  );
}

/** Whether a model is another's table under another name. */
export function isProxy(model: ModelState | undefined): boolean {
  return model?.options.proxy === true;
}

/** The models that a model inherits its table or its first columns from. */
export function basesOf({ options }: ModelState): readonly string[] {
  return options.bases ?? [];
}
