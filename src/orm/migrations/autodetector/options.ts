import { sameValue } from "../state/field-state.ts";
import {
  alterModelOptions,
  alterModelTable,
  alterModelTableComment,
  alterOrderWithRespectTo,
  structuralOptionNames,
} from "../operations/model-operations.ts";
import type { Operation } from "../operations/operation.ts";
import { modelKey, type ModelState } from "../state/project-state.ts";
import { type Detection, isProxy, keptModels, record } from "./change.ts";

/** Phase: tables with a new name. */
export function detectAlteredTables(detection: Detection): void {
  eachChangedOption(detection, "dbTable", (model, table) => alterModelTable({ model, table }));
}

/** Phase: tables that are described otherwise. */
export function detectAlteredComments(detection: Detection): void {
  eachChangedOption(detection, "dbTableComment", (model, comment) => alterModelTableComment({ model, comment }));
}

/** Phase: rows that get an order beneath a relation, another one, or none. */
export function detectAlteredOrders(detection: Detection): void {
  eachChangedOption(detection, "orderWithRespectTo", (model, relation) => alterOrderWithRespectTo({ model, relation }));
}

type OptionOperation = (model: string, value: string | undefined) => Operation;

function eachChangedOption(detection: Detection, option: string, make: OptionOperation): void {
  for (const { before, after } of keptModels(detection)) {
    const value = after.options[option] as string | undefined;
    if (before.options[option] === value || isProxy(after)) continue;
    const key = modelKey(after);
    const field = option === "orderWithRespectTo" && value !== undefined ? [`field:${key}.${value}`] : [];
    const needs = [`renamed:${key}`, ...field];
    record(detection, { app: after.app, operation: make(after.name, value), needs, gives: [`${option}:${key}`] });
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
      needs: [`renamed:${modelKey(after)}`],
      gives: [`options:${modelKey(after)}`],
    });
  }
}

function plainOptions({ options }: ModelState): Record<string, unknown> {
  const structural: readonly string[] = structuralOptionNames;
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== undefined && !structural.includes(name)));
}
