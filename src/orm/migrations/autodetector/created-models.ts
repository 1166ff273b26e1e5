import { type FieldState, isRelation, sameValue } from "../state/field-state.ts";
import { partLabel } from "../state/parts.ts";
import { addField, alterField } from "../operations/field-operations.ts";
import { alterOrderWithRespectTo, createModel } from "../operations/model-operations.ts";
import { addConstraint, addIndex } from "../operations/part-operations.ts";
import { modelKey, type ModelState } from "../state/project-state.ts";
import { basesOf, type Change, type Detection, isProxy, neededModels, record, referencesTo } from "./change.ts";

/**
 * Phase: models that are declared and not yet created. Each is created with its plain columns; its
 * relations, indexes and constraints are changes of their own, so that a ring of relations can be
 * closed later. The optimizer puts them back where no ring stands in the way.
 */
export function detectCreatedModels(detection: Detection): void {
  const { current, wanted } = detection;
  const replaced = new Set(detection.changes.flatMap(({ gives }) => gives.filter((word) => word.startsWith("deleted:"))));
  const created = wanted.models().filter((model) => !current.get(modelKey(model)));
  const own = new Set(created.map(modelKey));
  const swapped = swappedModels(detection);
  const tables = created.filter((model) => !isProxy(model));
  const inOrder = [...tables.filter((one) => swapped.has(modelKey(one))), ...tables.filter((one) => !swapped.has(modelKey(one)))];
  const first = inOrder.map((model) => creation(detection, model));
  // From the last model to the first: so most relations find their way back into the creation of their model.
  const rest = inOrder.toReversed().flatMap((model) => completions(model));
  const proxies = created.filter(isProxy).map((model) => creation(detection, model));
  for (const { operation, app } of first) operation.applyToState(app, current);
  detection.changes.unshift(...first);
  for (const change of rest) record(detection, change);
  for (const model of tables.filter((one) => replaced.has(`deleted:${modelKey(one)}`))) repoint(detection, model, own);
  for (const change of proxies) record(detection, change);
}

/** The models behind the swappable keys that relations name: they are created first. */
function swappedModels({ wanted, resolveKey }: Detection): Set<string> {
  const named = wanted.models().flatMap((model) => Object.values(model.fields).map(({ options }) => String(options["to"])));
  return new Set(["@user", ...named].filter((key) => key.startsWith("@")).map(resolveKey));
}

function creation({ current }: Detection, model: ModelState): Change {
  const key = modelKey(model);
  const fields = Object.fromEntries(Object.entries(model.fields).filter(([, field]) => belongsIn(field)));
  const { indexes: _indexes, constraints: _constraints, orderWithRespectTo: _order, ...options } = model.options;
  // A column that moves down from a base must be gone from there first.
  const inherited = basesOf(model).flatMap((base) =>
    Object.keys(model.fields).flatMap((name) => (current.get(base)?.fields[name] ? [`gone:${base}.${name}`] : [])),
  );
  return {
    app: model.app,
    operation: createModel({ name: model.name, fields, options }),
    needs: [
      `deleted:${key}`,
      ...basesOf(model).map((base) => `model:${base}`),
      ...inherited,
      ...Object.values(fields).flatMap(neededModels),
    ],
    gives: [`model:${key}`, ...Object.keys(fields).map((field) => `field:${key}.${field}`)],
  };
}

/** A table cannot be made without its key, not even where the key is a relation. */
function belongsIn(field: FieldState): boolean {
  return !isRelation(field) || field.options["primaryKey"] === true;
}

/** What a new model has beside its plain columns. */
function completions(model: ModelState): Change[] {
  const { app, name } = model;
  const key = modelKey(model);
  const relations = Object.entries(model.fields).filter(([, field]) => !belongsIn(field));
  const additions = relations.map(([field, state]) => ({
    app,
    operation: addField({ model: name, name: field, field: state }),
    needs: [`model:${key}`, ...neededModels(state)],
    gives: [`field:${key}.${field}`],
  }));
  return [...additions, ...partsOf(model)];
}

function partsOf(model: ModelState): Change[] {
  const { app, name } = model;
  const key = modelKey(model);
  const { indexes = [], constraints = [], orderWithRespectTo: order } = model.options;
  const needs = [`model:${key}`, ...Object.keys(model.fields).map((field) => `field:${key}.${field}`)];
  const change = (operation: Change["operation"], word: string): Change => ({ app, operation, needs, gives: [`${word}:${key}`] });
  return [
    ...(order === undefined ? [] : [change(alterOrderWithRespectTo({ model: name, relation: order }), "order")]),
    ...indexes.map((index) => change(addIndex({ model: name, index }), `part:${partLabel(index)}`)),
    ...constraints.map((constraint) => change(addConstraint({ model: name, constraint }), `part:${partLabel(constraint)}`)),
  ];
}

/** Relations to what was a proxy must lead to the new table; their columns are set again. */
function repoint(detection: Detection, model: ModelState, created: ReadonlySet<string>): void {
  const key = modelKey(model);
  for (const { model: owner, field: name } of [key, ...proxiesOf(detection, key)].flatMap((one) =>
    referencesTo(detection.wanted, one),
  )) {
    const state = detection.wanted.get(owner)!;
    const field = state.fields[name]!;
    if (created.has(owner) || !sameValue(field, detection.current.get(owner)?.fields[name])) continue;
    const operation = alterField({ model: state.name, name, field });
    record(detection, {
      app: state.app,
      operation,
      needs: [`model:${key}`, `deleted:${key}`],
      gives: [`altered:${owner}.${name}`],
    });
  }
}

/** The proxies of a model, and those of them. */
function proxiesOf(detection: Pick<Detection, "wanted">, key: string): string[] {
  const direct = detection.wanted.models().filter((model) => isProxy(model) && basesOf(model).includes(key));
  return direct.map(modelKey).flatMap((proxy) => [proxy, ...proxiesOf(detection, proxy)]);
}
