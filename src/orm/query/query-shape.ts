import { lookupValues } from "../lookups/lookup-values.ts";
import { isPlainObject } from "../plain-object.ts";
import type { Filter, QueryState } from "./query-state.ts";

/**
 * How it works
 *
 * Compiling a query to SQL costs more than running it, so compiled plans are kept by the query's
 * shape: everything but the values. `shapeOf` walks the filters once, writes the shape and collects the
 * values in the order in which the compiler meets them. What holds expressions or other queries has no
 * shape and is compiled each time.
 */
export function shapeOf(state: QueryState, values: unknown[]): string | undefined {
  if (state.annotations !== undefined || isWritten(state)) return undefined;
  let key = "";
  if (state.through) {
    key += `>${state.through.table}.${state.through.owner.name}${state.through.tellsOwner ? "+" : ""}`;
    values.push(state.through.owners);
  }
  for (const filter of state.filters) {
    const part = filterShape(filter, state.meta.label, values);
    if (part === undefined) return undefined;
    key += part;
  }
  const options = optionsShape(state);
  if (options === undefined) return undefined;
  if (state.start > 0) values.push(state.start);
  return key + options;
}

/** Whether the query reads from others, which are written into it. */
function isWritten({ source, joins, groupSlice }: QueryState): boolean {
  return source !== undefined || joins !== undefined || groupSlice !== undefined;
}

function filterShape({ negated, condition }: Filter, model: string, values: unknown[]): string | undefined {
  if (!isPlainObject(condition)) return undefined;
  const inner = objectShape(condition, model, values);
  return inner === undefined ? undefined : negated ? `!${inner}` : inner;
}

function optionsShape(state: QueryState): string | undefined {
  let key = "|";
  if (state.order) {
    key += state.order.length;
    for (const term of state.order) {
      if (typeof term !== "string") return undefined;
      key += `${term},`;
    }
  } else key += "~";
  if (state.reversed) key += "r";
  if (state.distinct) key += "d";
  if (state.start > 0) key += "s";
  if (state.end !== undefined) key += `e${state.end - state.start}`;
  // With the number of names "a,b" does not look like "a" and "b", with semicolons one list does not look like two.
  if (state.distinctOn) key += `;D${state.distinctOn.length}${state.distinctOn.join()}`;
  if (state.lock) key += `;l${JSON.stringify(state.lock)}`;
  if (state.only) key += `;o${state.only.length}${state.only.join()}`;
  if (state.deferred) key += `;x${state.deferred.length}${state.deferred.join()}`;
  if (state.load.length > 0) key += `;w${state.load.length}${state.load.join()}`;
  if (state.selection) key += `;v${state.selection.kind} ${state.selection.names.length}${state.selection.names.join()}`;
  return key;
}

function objectShape(where: Readonly<Record<string, unknown>>, label: string, values: unknown[]): string | undefined {
  let key = "{";
  for (const name in where) {
    const value = where[name];
    if (isPlainObject(value)) {
      const inner = objectShape(value, `${label}.${name}`, values);
      if (inner === undefined) return undefined;
      key += `${name}${inner}`;
    } else {
      const marker = lookupValues(name, value, { label, values });
      if (marker === undefined) return undefined;
      key += `${name}:${marker};`;
    }
  }
  return `${key}}`;
}
