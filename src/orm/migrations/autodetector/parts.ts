import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import { sameValue } from "../state/field-state.ts";
import { missingParts, type Part, partFields, partLabel } from "../state/parts.ts";
import type { Operation } from "../operations/operation.ts";
import {
  addConstraint,
  addIndex,
  alterConstraint,
  removeConstraint,
  removeIndex,
  renameIndex,
} from "../operations/part-operations.ts";
import { modelKey, type ModelState } from "../state/project-state.ts";
import { type Change, type Detection, keptModels, neededModels, record } from "./change.ts";

/** Phase: an index that got another name covers the same as before, so nobody needs to be asked. */
export function detectRenamedIndexes(detection: Detection): void {
  for (const { before, after } of keptModels(detection)) {
    const [old = [], wanted = []] = [before.options.indexes, after.options.indexes];
    const fresh = missingParts(wanted, old);
    for (const index of missingParts(old, wanted)) {
      const found = fresh.findIndex((other) => sameValue({ ...other, name: index.name }, index));
      const to = fresh[found]?.name;
      if (index.name === undefined || to === undefined) continue;
      fresh.splice(found, 1);
      const operation = renameIndex({ model: after.name, from: index.name, to });
      record(detection, {
        app: after.app,
        operation,
        needs: [`renamed:${modelKey(after)}`],
        gives: [`part:${modelKey(after)}.${to}`],
      });
    }
  }
}

/** What only the models know of a constraint. */
const messageOptions = ["violationErrorMessage", "violationErrorCode"];

/** Phase: constraints of which only the message changed. */
export function detectAlteredConstraints(detection: Detection): void {
  for (const { before, after } of keptModels(detection)) {
    const [old = [], wanted = []] = [before.options.constraints, after.options.constraints];
    for (const constraint of missingParts(wanted, old) as Constraint[]) {
      const same = old.find((one) => partLabel(one) === partLabel(constraint));
      if (!same || !sameValue(withoutMessage(same), withoutMessage(constraint))) continue;
      const operation = alterConstraint({ model: after.name, constraint });
      record(detection, {
        app: after.app,
        operation,
        needs: [`renamed:${modelKey(after)}`],
        gives: [`part:${modelKey(after)}.${partLabel(constraint)}`],
      });
    }
  }
}

function withoutMessage(constraint: Constraint): Record<string, unknown> {
  return Object.fromEntries(Object.entries(constraint).filter(([name]) => !messageOptions.includes(name)));
}

/** Phase: indexes and constraints that are no longer declared. They go before the fields they cover. */
export function detectRemovedParts(detection: Detection): void {
  eachPartDifference(detection, (before, after) => [before, after], {
    index: (model, index) => removeIndex({ model, index }),
    constraint: (model, constraint) => removeConstraint({ model, constraint }),
    place: (model, part) => ({
      needs: [`renamed:${modelKey(model)}`, ...words("renamed", model, part)],
      gives: words("uncovered", model, part),
    }),
  });
}

/** Phase: indexes and constraints that are new. They come after the fields they cover. */
export function detectAddedParts(detection: Detection): void {
  eachPartDifference(detection, (before, after) => [after, before], {
    index: (model, index) => addIndex({ model, index }),
    constraint: (model, constraint) => addConstraint({ model, constraint }),
    place: (model, part) => ({
      needs: [
        `renamed:${modelKey(model)}`,
        ...words("uncovered", model, part),
        ...wholeModel(detection, model),
        ...partFields(part, model.fields).flatMap((field) => (model.fields[field] ? neededModels(model.fields[field]) : [])),
      ],
      gives: [],
    }),
  });
}

/** A condition or an expression names columns that only its text tells: it waits for every field of its model. */
function wholeModel({ wanted }: Detection, model: ModelState): string[] {
  const key = modelKey(model);
  return Object.keys(wanted.get(key)?.fields ?? {}).flatMap((field) => [`field:${key}.${field}`, `altered:${key}.${field}`]);
}

function words(word: string, model: ModelState, part: Part): string[] {
  return partFields(part, model.fields).map((field) => `${word}:${modelKey(model)}.${field}`);
}

interface PartMakers {
  index(model: string, index: Index): Operation;
  constraint(model: string, constraint: Constraint): Operation;
  place(model: ModelState, part: Part): Pick<Change, "needs" | "gives">;
}

type Sides = (before: ModelState, after: ModelState) => [having: ModelState, lacking: ModelState];

function eachPartDifference(detection: Detection, sides: Sides, make: PartMakers): void {
  for (const { before, after } of keptModels(detection)) {
    const [having, lacking] = sides(before, after);
    const note = (part: Part, operation: Operation): void =>
      record(detection, { app: after.app, operation, ...make.place(after, part) });
    const { indexes = [], constraints = [] } = having.options;
    for (const index of missingParts(indexes, lacking.options.indexes ?? [])) note(index, make.index(after.name, index as Index));
    for (const constraint of missingParts(constraints, lacking.options.constraints ?? [])) {
      note(constraint, make.constraint(after.name, constraint as Constraint));
    }
  }
}
