import type { Field } from "../../fields/field.ts";
import { snakeCase } from "../../names.ts";
import { migrationErrors } from "../errors.ts";
import { type FieldState, isManyToMany, sameValue } from "../state/field-state.ts";
import { addField, alterField, removeField } from "../operations/field-operations.ts";
import { modelKey, type ModelState } from "../state/project-state.ts";
import { type Detection, keptModels, neededModels, record } from "./change.ts";
import type { Answers } from "./questions.ts";

/** Finds the declared field, whose functions a state does not keep. */
export type LiveField = (model: string, field: string) => Field;

/** What the phases over fields need beside the detection. */
export interface FieldPhases {
  detection: Detection;
  answers: Answers;
  liveField: LiveField;
}

/** Phase: fields that are no longer declared, and those that cannot be altered to what they became. */
export function detectRemovedFields({ detection }: FieldPhases): void {
  for (const { before, after } of keptModels(detection)) {
    const key = modelKey(before);
    for (const [name, field] of Object.entries(before.fields)) {
      const wanted = after.fields[name];
      if (wanted && !isReplaced(field, wanted)) continue;
      const computed = Object.entries(before.fields).filter(([other, state]) => other !== name && isComputedFrom(state, name));
      record(detection, {
        app: before.app,
        operation: removeField({ model: before.name, name }),
        needs: [
          `renamed:${key}`,
          `uncovered:${key}.${name}`,
          `orderWithRespectTo:${key}`,
          ...computed.flatMap(([other]) => [`gone:${key}.${other}`, `altered:${key}.${other}`]),
        ],
        gives: [`gone:${key}.${name}`],
      });
    }
  }
}

/** Whether a generated column is computed from a field. */
function isComputedFrom({ kind, options }: FieldState, name: string): boolean {
  if (kind !== "generated") return false;
  const text = JSON.stringify(options["expression"]) ?? "";
  return [name, snakeCase(name), `${snakeCase(name)}_id`].some((word) => new RegExp(`\\b${word}\\b`).test(text));
}

/** A column cannot become a table, nor can a middle table lead elsewhere with its rows. */
function isReplaced(before: FieldState, after: FieldState): boolean {
  if (isManyToMany(before) !== isManyToMany(after)) return true;
  if (!isManyToMany(before)) return false;
  return before.options["to"] !== after.options["to"] || before.options["through"] !== after.options["through"];
}

/** Phase: fields that are new. */
export async function detectAddedFields(phases: FieldPhases): Promise<void> {
  const { detection } = phases;
  for (const { before, after } of keptModels(detection)) {
    const key = modelKey(after);
    for (const [name, field] of Object.entries(after.fields).filter(([one]) => !(one in before.fields))) {
      const fill = needsFill(field) ? await fillFor(phases, { model: after, name, added: true }) : undefined;
      const sources = Object.keys(after.fields).filter((other) => other !== name && isComputedFrom(field, other));
      record(detection, {
        app: after.app,
        operation: addField({ model: after.name, name, field, fill }),
        needs: [
          ...neededModels(field),
          `renamed:${key}`,
          `gone:${key}.${name}`,
          ...sources.flatMap((other) => [`field:${key}.${other}`, `altered:${key}.${other}`]),
        ],
        gives: [`field:${key}.${name}`],
      });
    }
  }
}

/** Phase: fields that are declared otherwise than before. */
export async function detectAlteredFields(phases: FieldPhases): Promise<void> {
  const { detection } = phases;
  for (const { before, after } of keptModels(detection)) {
    for (const [name, field] of Object.entries(after.fields)) {
      const old = before.fields[name];
      if (!old || sameValue(old, field)) continue;
      const becomesRequired = old.options["null"] === true && needsFill(field);
      const fill = becomesRequired ? await fillFor(phases, { model: after, name, added: false }) : undefined;
      const key = `${modelKey(after)}.${name}`;
      record(detection, {
        app: after.app,
        operation: alterField({ model: after.name, name, field, fill }),
        needs: [...neededModels(field), `renamed:${modelKey(after)}`, `renamed:${key}`, `uncovered:${key}`],
        gives: [`altered:${key}`],
      });
    }
  }
}

/** Whether rows that exist lack a value that the state alone does not give. */
function needsFill({ kind, options }: FieldState): boolean {
  if (kind === "compositePrimaryKey") return false;
  const given = options["null"] === true || options["default"] !== undefined || options["dbDefault"] !== undefined;
  const computed =
    options["autoNow"] === true || options["autoNowAdd"] === true || kind === "generated" || /^(?:auto|bigAuto)$/.test(kind);
  return !given && !computed && kind !== "manyToMany";
}

/** A column that rows which exist have no value for. */
interface EmptyColumn {
  model: ModelState;
  name: string;
  added: boolean;
}

/** A function's default is called once and written down, unless every row must differ; else someone is asked. */
async function fillFor({ answers, liveField }: FieldPhases, { model, name, added }: EmptyColumn): Promise<unknown> {
  const field = liveField(modelKey(model), name);
  const label = `${modelKey(model)}.${name}`;
  if (field.hasDefault && field.unique && !answers.hasFill(label))
    throw migrationErrors.MIGRATIONS_UNIQUE_DEFAULT({ field: label });
  if (field.hasDefault && !field.unique) return field.getDefault();
  if (field.blank && field.emptyValue === "" && !field.unique) return "";
  return answers.fill(field, label, added);
}
