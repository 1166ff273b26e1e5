import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";
import type { Compiler } from "../query/compiler.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { comparedValue } from "../model/rows/row-key.ts";

/** One comparison about to be written. */
export interface LookupContext {
  readonly sql: string;
  readonly field: Field | undefined;
  readonly dialect: Dialect;
  readonly compiler: Compiler;
  readonly scope: Scope;
  readonly left: Compiled;
  /** The values, as `lookupValues` gives them for the shape. */
  readonly values: readonly unknown[];
  readonly marker: string;
  /** The SQL of the value, or of each of a list, where there are expressions or queries. */
  readonly right: readonly Compiled[] | undefined;
}

/** What stands on the right side: one value, a list, two values, true or false, keys, or a value as it is, objects and lists too. */
export type Takes = "value" | "list" | "pair" | "boolean" | "whole" | "keys";

/** A way to compare. */
export interface Lookup {
  readonly takes: Takes;
  readonly write: (context: LookupContext) => string;
}

/** A step before a comparison: the year of a date, a text in small letters. */
export interface Transform {
  /** The kinds of field that have it; undefined for all. */
  readonly kinds: ReadonlySet<string> | undefined;
  readonly apply: (left: Compiled, scope: Scope) => Compiled;
}

/** A value as the driver takes it for this field. */
export function bound(context: LookupContext, at = 0): string {
  const sql = context.right === undefined ? parameter(context, at) : context.right[at]!.sql;
  return context.left.both === undefined ? sql : context.left.both(sql);
}

function parameter({ compiler, field, dialect, marker, values }: LookupContext, at: number): string {
  const value = values[at];
  const place = compiler.param(value, compiler.converterFor(value, field));
  const type = field?.comparedAs(dialect);
  if (type === undefined || compiler.isLiteral) return place;
  return `CAST(${place} AS ${marker === "real" ? "double precision" : type})`;
}

/** How the values of a list are given to the driver. */
export function listConverter({ compiler, field }: LookupContext, list: unknown): (list: unknown) => unknown[] {
  const convert = compiler.converterFor(comparedValue(field, firstOf(list)), field);
  return (given) =>
    [...(given as Iterable<unknown>)].map((each) => {
      const item = comparedValue(field, each);
      return convert && item !== null ? convert(item) : item;
    });
}

function firstOf(list: unknown): unknown {
  for (const item of list as Iterable<unknown>) if (item !== null) return item;
  return undefined;
}

/** What an expression is called in a message. */
export function labelOf({ label, field }: Compiled): string {
  return label ?? (field?.model === undefined ? "the expression" : field.label);
}
