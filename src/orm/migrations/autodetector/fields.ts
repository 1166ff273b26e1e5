import type { Field } from "../../fields/field.ts";
import { type FieldState, isManyToMany, sameValue } from "../field-state.ts";
import { addField, alterField, removeField } from "../operations/field-operations.ts";
import { modelKey, type ModelState } from "../project-state.ts";
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
    for (const [name, field] of Object.entries(before.fields)) {
      const wanted = after.fields[name];
      if (wanted && !isReplaced(field, wanted)) continue;
      const gives = [`gone:${modelKey(before)}.${name}`];
      record(detection, {
        app: before.app,
        operation: removeField({ model: before.name, name }),
        needs: [`model:${modelKey(before)}`],
        gives,
      });
    }
  }
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
    for (const [name, field] of Object.entries(after.fields).filter(([key]) => !(key in before.fields))) {
      const fill = needsFill(field) ? await fillFor(phases, { model: after, name, added: true }) : undefined;
      record(detection, {
        app: after.app,
        operation: addField({ model: after.name, name, field, fill }),
        needs: [`model:${modelKey(after)}`, ...neededModels(field), `gone:${modelKey(after)}.${name}`],
        gives: [`field:${modelKey(after)}.${name}`],
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
        needs: [`model:${modelKey(after)}`, ...neededModels(field), `field:${key}`],
        gives: [`altered:${key}`, ...(old.options["to"] === field.options["to"] ? [] : [`gone:${key}`])],
      });
    }
  }
}

/** Whether rows that exist lack a value that the state alone does not give. */
function needsFill({ kind, options }: FieldState): boolean {
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
  if (field.hasDefault && !field.unique) return field.getDefault();
  if (field.blank && field.emptyValue === "" && !field.unique) return "";
  return answers.fill(field, `${modelKey(model)}.${name}`, added);
}
