import { templatesErrors } from "./errors.ts";
import type { RegisteredFilter } from "./library.ts";

/** What an expression starts from, or a filter's argument. */
export type Operand =
  | {
      readonly kind: "literal";
      readonly value: string | number;
      /** `_("…")`: shown in the language of the render. */
      readonly translated?: boolean;
    }
  | { readonly kind: "path"; readonly text: string; readonly path: readonly string[] };

export interface AppliedFilter {
  readonly filter: RegisteredFilter;
  readonly name: string;
  readonly argument: Operand | undefined;
}

/** `value|filter:argument|…`, parsed. */
export interface Expression {
  readonly text: string;
  readonly operand: Operand;
  readonly filters: readonly AppliedFilter[];
}

const string = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'`;
const constant = String.raw`_\((?:${string})\)|${string}`;
const variable = String.raw`[\p{L}\p{N}_.]+|[-+.]?\d[\d.e]*`;
const operandPattern = new RegExp(`(${constant})|(${variable})`, "uy");
const filterPattern = new RegExp(String.raw`\s*\|\s*([\p{L}\p{N}_]+)(?::(?:(${constant})|(${variable})))?`, "uy");

const bad = (problem: string, hint?: string) => templatesErrors.TEMPLATES_BAD_SYNTAX({ problem, ...(hint && { hint }) });

/** Parses an expression. @throws what is not one, as an error without a place. */
export function parseExpression(text: string, findFilter: (name: string) => RegisteredFilter): Expression {
  operandPattern.lastIndex = 0;
  const start = operandPattern.exec(text);
  if (!start) throw remainder(text, 0);
  const operand = parseOperand(start[0]);
  const filters: AppliedFilter[] = [];
  let at = start[0].length;
  while (at < text.length) {
    filterPattern.lastIndex = at;
    const match = filterPattern.exec(text);
    if (!match) throw remainder(text, at);
    at += match[0].length;
    const argument = match[2] ?? match[3];
    filters.push(applyFilter(match[1]!, argument === undefined ? undefined : parseOperand(argument), findFilter));
  }
  return { text, operand, filters };
}

function remainder(text: string, at: number): Error {
  if (text === "") return bad("An expression is empty.");
  return bad(`The expression "${text}" cannot be read from "${text.slice(at).trim()}" on.`);
}

function applyFilter(name: string, argument: Operand | undefined, findFilter: (name: string) => RegisteredFilter): AppliedFilter {
  const filter = findFilter(name);
  if (argument === undefined && filter.argument === "required")
    throw bad(`The filter "${name}" needs an argument.`, `Write |${name}:"…".`);
  if (argument !== undefined && filter.argument === "none") throw bad(`The filter "${name}" takes no argument.`);
  return { filter, name, argument };
}

/** Parses a variable or a literal. */
function parseOperand(text: string): Operand {
  if (/^[-+.]?\d/.test(text) && !/[.]$|^0[xob]/i.test(text)) {
    const number = Number(text.replace(/(?<=\d)_(?=\d)/g, ""));
    if (!Number.isNaN(number)) return { kind: "literal", value: number };
  }
  const translated = text.startsWith("_(") && text.endsWith(")");
  const literal = translated ? text.slice(2, -1) : text;
  if (/^["']/.test(literal)) return { kind: "literal", value: unquote(literal), ...(translated && { translated }) };
  const path = text.split(".");
  const hidden = path.find((part) => part.startsWith("_"));
  if (hidden !== undefined) throw bad(`Names may not begin with an underscore: "${text}".`);
  return { kind: "path", text, path };
}

function unquote(literal: string): string {
  const quote = literal[0]!;
  return literal.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll("\\\\", "\\");
}

/** The path of a dotted name given as text at run time (`dictsort:"a.b"`), or undefined when it may not be asked. */
export function parsePath(text: string): readonly string[] | undefined {
  const path = text.split(".");
  return path.some((part) => part.startsWith("_")) ? undefined : path;
}

/** The names of an expression that is nothing but a path. */
export function pathOf({ operand, filters }: Expression): readonly string[] | undefined {
  return operand.kind === "path" && filters.length === 0 ? operand.path : undefined;
}
