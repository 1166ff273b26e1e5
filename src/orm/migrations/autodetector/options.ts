import type { Constraint, Index } from "../../model/model-options.ts";
import { sameValue } from "../field-state.ts";
import { missingParts, type Part, partFields, partLabel } from "../model-options.ts";
import { alterModelOptions, alterModelTable, structuralOptionNames } from "../operations/model-operations.ts";
import type { Operation } from "../operations/operation.ts";
import { addConstraint, addIndex, removeConstraint, removeIndex, renameIndex } from "../operations/part-operations.ts";
import { modelKey, type ModelState } from "../project-state.ts";
import { type Detection, keptModels, record } from "./change.ts";

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
        needs: [`model:${modelKey(after)}`],
        gives: [`part:${modelKey(after)}.${to}`],
      });
    }
  }
}

/** Phase: indexes and constraints that are no longer declared. They go before the fields they cover. */
export function detectRemovedParts(detection: Detection): void {
  eachPartDifference(detection, (before, after) => [before, after], {
    index: (model, index) => removeIndex({ model, index }),
    constraint: (model, constraint) => removeConstraint({ model, constraint }),
  });
}

/** Phase: indexes and constraints that are new. They come after the fields they cover. */
export function detectAddedParts(detection: Detection): void {
  eachPartDifference(detection, (before, after) => [after, before], {
    index: (model, index) => addIndex({ model, index }),
    constraint: (model, constraint) => addConstraint({ model, constraint }),
  });
}

interface PartMakers {
  index(model: string, index: Index): Operation;
  constraint(model: string, constraint: Constraint): Operation;
}

type Sides = (before: ModelState, after: ModelState) => [having: ModelState, lacking: ModelState];

function eachPartDifference(detection: Detection, sides: Sides, make: PartMakers): void {
  for (const { before, after } of keptModels(detection)) {
    const [having, lacking] = sides(before, after);
    const note = (part: Part, operation: Operation): void => {
      const words = partFields(part).map((field) => `field:${modelKey(after)}.${field}`);
      const needs = having === after ? [...words, ...words.map((word) => word.replace("field:", "altered:"))] : [];
      record(detection, {
        app: after.app,
        operation,
        needs: [`model:${modelKey(after)}`, ...needs],
        gives: [`part:${modelKey(after)}.${partLabel(part)}`],
      });
    };
    const { indexes = [], constraints = [] } = having.options;
    for (const index of missingParts(indexes, lacking.options.indexes ?? [])) note(index, make.index(after.name, index as Index));
    for (const constraint of missingParts(constraints, lacking.options.constraints ?? [])) {
      note(constraint, make.constraint(after.name, constraint as Constraint));
    }
  }
}

/** Phase: tables with a new name. */
export function detectAlteredTables(detection: Detection): void {
  for (const { before, after } of keptModels(detection)) {
    const { dbTable } = after.options;
    if (before.options.dbTable === dbTable) continue;
    record(detection, {
      app: after.app,
      operation: alterModelTable({ model: after.name, table: dbTable }),
      needs: [`model:${modelKey(after)}`],
      gives: [`table:${modelKey(after)}`],
    });
  }
}

/** Phase: options that do not shape the table. */
export function detectAlteredOptions(detection: Detection): void {
  for (const { before, after } of keptModels(detection)) {
    const [old, wanted] = [plainOptions(before), plainOptions(after)];
    if (sameValue(old, wanted)) continue;
    record(detection, {
      app: after.app,
      operation: alterModelOptions({ model: after.name, options: wanted }),
      needs: [`model:${modelKey(after)}`, ...Object.keys(after.fields).map((field) => `field:${modelKey(after)}.${field}`)],
      gives: [`options:${modelKey(after)}`],
    });
  }
}

function plainOptions({ options }: ModelState): Record<string, unknown> {
  const structural: readonly string[] = structuralOptionNames;
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== undefined && !structural.includes(name)));
}
