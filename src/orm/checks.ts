import { type Check, type CheckMessage, checkMessage, CortadoError, didYouMean } from "#kernel";
import { checkField } from "./fields/field-checks.ts";
import { checkRelations } from "./fields/relations/relation-checks.ts";
import { isModelClass, type ModelClass } from "./model/model-class.ts";
import type { ModelMeta } from "./model/meta.ts";
import { isParentLink } from "./model/parent-link.ts";
import type { ReverseRelation } from "./model/registry.ts";
import { refuseRedeclared } from "./model/redeclared-fields.ts";
import { checkPartNames, namedFields } from "./model/rules/part-checks.ts";
import { conditionSql } from "./model/rules/schema-sql.ts";

type Inspection = (meta: ModelMeta) => Iterable<Omit<CheckMessage, "object" | "level"> & { object?: string; level?: "warning" }>;

/** Verifies every model of the project's apps, once they are registered. `checkModels(project)` gives what is wrong. */
export const checkModels: Check = (project) => {
  const models = project.apps.flatMap((app) => Object.values(app.models ?? {}).filter(isModelClass));
  return [...models.flatMap(checkModel), ...checkPartNames(models.map((model) => model.meta))];
};

/** What is wrong with one model. */
function checkModel(model: ModelClass): CheckMessage[] {
  const { meta } = model;
  try {
    return inspections.flatMap((inspect) =>
      [...inspect(meta)].map((message) => ({ level: "error" as const, object: meta.key, ...message })),
    );
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    return [checkMessage(error, "error", meta.key)];
  }
}

const inspections: readonly Inspection[] = [
  checkFields,
  checkRelations,
  checkReverseNames,
  checkPaths,
  checkConditions,
  checkManager,
  checkClassBody,
];

function* checkFields({ fields, key }: ModelMeta): ReturnType<Inspection> {
  for (const field of fields) {
    const object = `${key}.${field.name}`;
    for (const finding of checkField(field)) yield { ...finding, object };
    if (field.relation?.onDelete === "setDefault" && !field.hasDefault) {
      yield {
        code: "ORM_CHECK_SET_DEFAULT",
        object,
        message: 'onDelete is "setDefault", but there is no default.',
        hint: "Add a default, or choose another onDelete.",
      };
    }
    if (field.primaryKey && field.null)
      yield { code: "ORM_CHECK_NULL_KEY", object, message: "A primary key cannot be null.", hint: "Remove null: true." };
  }
}

function* checkReverseNames(meta: ModelMeta): ReturnType<Inspection> {
  const taken = new Map<string, string>();
  for (const field of [...meta.fields, ...meta.manyToMany]) taken.set(field.name, `the field ${meta.name}.${field.name}`);
  for (const { name, model, field } of meta.reverse) {
    const here = `${model.meta.key}.${field.name}`;
    const other = taken.get(name);
    if (other !== undefined) {
      yield {
        code: "ORM_CHECK_REVERSE_CLASH",
        object: here,
        message: `Its way back, ${meta.name}.${name}, has the same name as ${other}.`,
        hint: `Give one of them a relatedName, or declare the way back on ${meta.name}: related(${model.meta.name}, "${field.name}").`,
      };
    }
    taken.set(name, `the way back of ${here}`);
  }
  for (const [name, { target, field }] of meta.declaredReverse) {
    if (isModelClass(target) && !meta.reverse.some((reverse) => reverse.name === name && answers(reverse, field))) {
      const known = [...target.meta.fields, ...target.meta.manyToMany]
        .filter((candidate) => candidate.relation?.to === meta.model)
        .map((candidate) => candidate.name);
      yield {
        code: "ORM_CHECK_NO_REVERSE",
        object: `${meta.key}.${name}`,
        message: `related(${target.meta.label}, "${field}"): ${target.meta.label} has no relation "${field}" to ${meta.name}. It has: ${known.join(", ") || "none"}.`,
        hint: didYouMean(field, known),
      };
    }
  }
}

/** Ways back to children and of generic relations go by other names than their field's. */
function answers({ field, fixed }: ReverseRelation, declared: string): boolean {
  return field.name === declared || fixed !== undefined || isParentLink(field);
}

function* checkPaths(meta: ModelMeta): ReturnType<Inspection> {
  const places: [string, readonly string[]][] = [
    ["ordering", meta.ordering],
    ["load", meta.load],
    ["getLatestBy", [meta.options.getLatestBy ?? []].flat()],
    ["orderWithRespectTo", [meta.options.orderWithRespectTo ?? []].flat()],
    ["constraints", namedFields(meta.options.constraints ?? [])],
    ["indexes", namedFields(meta.options.indexes ?? [])],
  ];
  for (const [place, names] of places) {
    for (const name of names) {
      const first = name.replace(/^-/, "").split(".")[0]!;
      if (first === "?" || meta.member(first) !== undefined) continue;
      const error = meta.unknownField(first);
      yield { code: "ORM_CHECK_UNKNOWN_FIELD", message: `In ${place}: ${error.message}`, hint: (error as CortadoError).hint };
    }
  }
}

/** Conditions of constraints and indexes are not typed where they are objects. */
function* checkConditions(meta: ModelMeta): ReturnType<Inspection> {
  for (const part of [...(meta.options.constraints ?? []), ...(meta.options.indexes ?? [])]) {
    if (part.condition === undefined) continue;
    try {
      conditionSql(meta, part.condition);
    } catch (error) {
      if (!(error instanceof CortadoError)) throw error;
      const { code, message, hint } = error;
      yield { code, message: `In the condition of ${part.name ?? "a constraint or an index"}: ${message}`, hint };
    }
  }
}

function* checkManager({ model, name }: ModelMeta): ReturnType<Inspection> {
  if (model.objects.model === model) return;
  yield {
    code: "ORM_CHECK_INHERITED_MANAGER",
    message: `${name}.objects is inherited from ${model.objects.model.name}, and its queries give that class.`,
    hint: `Write in the class ${name}: static objects = manager(this);`,
  };
}

function checkClassBody({ model }: ModelMeta): [] {
  refuseRedeclared(model);
  return [];
}
