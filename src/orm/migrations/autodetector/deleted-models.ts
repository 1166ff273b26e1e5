import { type FieldState, isManyToMany, isRelation } from "../state/field-state.ts";
import { type Part, partFields } from "../state/parts.ts";
import { removeField } from "../operations/field-operations.ts";
import { deleteModel } from "../operations/model-operations.ts";
import type { Operation } from "../operations/operation.ts";
import { removeConstraint, removeIndex } from "../operations/part-operations.ts";
import { modelKey, type ModelState } from "../state/project-state.ts";
import { basesOf, type Detection, isProxy, record, referencesTo } from "./change.ts";

/** Phase: models with a table that are no longer declared, after what refers to them and what inherits from them. */
export function detectDeletedModels(detection: Detection): void {
  const { current, wanted } = detection;
  const gone = current.models().filter((model) => !isProxy(model) && !isTable(wanted.get(modelKey(model))));
  const before = current.clone();
  for (const model of gone) {
    const key = modelKey(model);
    // A key goes with its table, also where it leads to another one.
    const [keys, relations] = keysAndOthers(model);
    uncover(
      detection,
      model,
      relations.map(([name]) => name),
    );
    for (const [name] of relations) {
      const operation = removeField({ model: model.name, name });
      record(detection, { app: model.app, operation, needs: [`uncovered:${key}.${name}`], gives: [`gone:${key}.${name}`] });
    }
    const incoming = referencesTo(before, key).flatMap(({ model: owner, field }) => {
      const own = `${owner}.${field}`;
      return isManyToMany(before.get(owner)!.fields[field]!) ? [`gone:${own}`] : [`gone:${own}`, `altered:${own}`];
    });
    const children = before.models().filter((child) => basesOf(child).includes(key));
    record(detection, {
      app: model.app,
      operation: deleteModel({ name: model.name }),
      needs: [
        ...incoming,
        ...relations.map(([name]) => `gone:${key}.${name}`),
        ...children.map((child) => `deleted:${modelKey(child)}`),
      ],
      gives: [`deleted:${key}`, ...keys.map(([name]) => `gone:${key}.${name}`)],
    });
  }
}

type NamedFields = [name: string, field: FieldState][];

function keysAndOthers(model: ModelState): [keys: NamedFields, others: NamedFields] {
  const relations = Object.entries(model.fields).filter(([, field]) => isRelation(field));
  const isKey = (field: FieldState): boolean => field.options["primaryKey"] === true || field.options["parentLink"] === true;
  return [relations.filter(([, field]) => isKey(field)), relations.filter(([, field]) => !isKey(field))];
}

/** Takes away the indexes and constraints over relations that may have to go before their model does. */
function uncover(detection: Detection, { app, name: model, fields, options }: ModelState, relations: readonly string[]): void {
  const { indexes = [], constraints = [] } = options;
  const isCovering = (part: Part): boolean => partFields(part, fields).some((field) => relations.includes(field));
  const note = (part: Part, operation: Operation): void =>
    record(detection, {
      app,
      operation,
      needs: [],
      gives: partFields(part, fields).map((field) => `uncovered:${app}.${model}.${field}`),
    });
  for (const index of indexes.filter(isCovering)) note(index, removeIndex({ model, index }));
  for (const constraint of constraints.filter(isCovering)) note(constraint, removeConstraint({ model, constraint }));
}

function isTable(model: ModelState | undefined): boolean {
  return model !== undefined && !isProxy(model);
}

/** Phase: proxies that are no longer declared, or have got a table of their own. */
export function detectDeletedProxies(detection: Detection): void {
  const { current, wanted } = detection;
  for (const model of current.models().filter((one) => isProxy(one) && !isProxy(wanted.get(modelKey(one))))) {
    const operation = deleteModel({ name: model.name });
    record(detection, { app: model.app, operation, needs: [], gives: [`deleted:${modelKey(model)}`] });
  }
}
