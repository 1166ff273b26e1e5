/**
 * How it works: nodes write themselves as the body of JavaScript generator functions — one for the template, one for each
 * block and partial — made once with `new Function`. Such a function returns its text without ever yielding as long as
 * every value is there; it yields what must be awaited and is given the result. Nothing from a template reaches
 * the code but as a JSON string or a number.
 *
 * Names: a loop's or `with`'s variable is a JavaScript variable (`v1`) as long as nothing inside needs the whole context
 * (include, block, custom tags); there it lives in a scope object (`s1`), whose prototype is the scope around it.
 * `at` holds the offset in the source of what runs, for errors; `r` is the state of the render, `a` whether to escape.
 */
import type { Condition } from "./condition.ts";
import type { AppliedFilter, Expression, Operand } from "./expression.ts";
import { NameReads, type Reads } from "./reads/name-reads.ts";
import { type TemplateNode, usesContext } from "./nodes.ts";
import { applierOf } from "./runtime/filtered.ts";
import * as runtime from "./runtime/code.ts";
import { camelCase, isPlainKey } from "./runtime/lookup.ts";
import { SafeString } from "./safe-string.ts";
import type { Body } from "./template.ts";
import type { Place } from "./template-error.ts";

/** What is bound where the compiler stands. */
interface Names {
  readonly variables: ReadonlyMap<string, string>;
  /** The JavaScript variable with the nearest scope object. */
  readonly scope: string;
  /** Whether new names go into that object. */
  readonly dynamic: boolean;
}

/** What a missing value becomes: the text for the invalid, or null; `quiet` does not even report it in debug mode. */
export type Missing = "text" | "null" | "quiet";

export interface CompilerOptions {
  readonly template: string;
  readonly source: string;
  readonly stringIfInvalid: string;
}

/** A map: with an object, the name "constructor" would find one. */
const literals: ReadonlyMap<string, string> = new Map([["True", "true"], ["False", "false"], ["None", "null"]]); // prettier-ignore

const names = Object.keys(runtime).join(", ");

/**
 * The variables of every function for a value that is used where it is made, and for its owner. They are shared: each more
 * variable is saved at each `yield`, so that a long template with one a tag would take seconds to compile.
 */
const atHand = "q";
const ownerAtHand = "w";

export class Compiler {
  readonly options: CompilerOptions;
  readonly #constants: unknown[] = [];
  readonly #getters = new Map<string, string>();
  readonly #functions: string[] = [];
  readonly #blocks = new Map<string, string>();
  #lines: string[] = [];
  #variables: string[] = [];
  #names: Names = { variables: new Map(), scope: "s", dynamic: true };
  #out = "out";
  #count = 0;
  /** Where the node that is being compiled stands. */
  #place: Place | undefined;
  /** The template's partials; filled when the code is linked. */
  readonly partials = new Map<string, Body>();
  /** What the function being compiled reads of its context. */
  reads = new NameReads();
  /** The same of the functions that are done, by their names. */
  readonly readsOf = new Map<string, Reads>();
  /** The expression that says whether output is escaped here. */
  autoescape = "a";

  constructor(options: CompilerOptions) {
    this.options = options;
  }

  /**
   * Compiles nodes that stand inside a tag into a function of their own, for tags that render them later, or within something.
   * Such a tag says `usesContext`.
   */
  part(nodes: readonly TemplateNode[]): string {
    return this.function(nodes, this.reads);
  }

  /** As `part`, with the names that are bound here: the code of the runtime's `Part`. */
  partHere(nodes: readonly TemplateNode[]): string {
    return `{ body: ${this.part(nodes)}, scope: ${this.scope} }`;
  }

  /** Code that is the same in every render is run once; gives the name of what it made. */
  hoist(code: string): string {
    const name = this.temporaryName("h");
    this.#functions.push(`const ${name} = ${code};`);
    return name;
  }

  /** Compiles nodes into a function; its name stands for it in later code. */
  function(nodes: readonly TemplateNode[], reads: NameReads = new NameReads()): string {
    const outer = {
      lines: this.#lines,
      variables: this.#variables,
      names: this.#names,
      out: this.#out,
      autoescape: this.autoescape,
      reads: this.reads,
    };
    this.reads = reads;
    this.#lines = [];
    this.#variables = [];
    this.#names = { variables: new Map(), scope: "s", dynamic: true };
    this.#out = "out";
    this.autoescape = "a";
    this.nodes(nodes);
    const name = this.temporaryName("body");
    this.readsOf.set(name, this.reads.result);
    const declared = this.#variables.length > 0 ? `let ${this.#variables.join(", ")};` : "";
    this.#functions.push(
      `function* ${name}(r, s) { let out = "", at = 0, ${atHand}, ${ownerAtHand}; const a = r.autoescape; ${declared}\ntry {\n${this.#lines.join("\n")}\n}` +
        ` catch (error) { throw located(error, place, { at, r, s }); }\nreturn out; }`,
    );
    [this.#lines, this.#variables, this.#names] = [outer.lines, outer.variables, outer.names];
    [this.#out, this.autoescape, this.reads] = [outer.out, outer.autoescape, outer.reads];
    return name;
  }

  /** The function of a block, compiled once. */
  blockFunction(block: string, nodes: readonly TemplateNode[]): string {
    const name = this.#blocks.get(block) ?? this.function(nodes);
    this.#blocks.set(block, name);
    return name;
  }

  /** Makes the functions. `exported` names those to return. */
  link(exported: Record<string, string>): Record<string, Body> {
    const constants = this.#constants.map((_, i) => `k${i}`).join(", ");
    const entries = Object.entries(exported).map(([key, name]) => `${JSON.stringify(key)}: ${name}`);
    const code = [
      `"use strict"; const { ${names} } = runtime; const [${constants}] = constants;`,
      ...[...this.#getters].map(([key, name]) => getterCode(key, name)),
      ...this.#functions,
      `return { __proto__: null, ${entries.join(", ")} };`,
    ];
    const { template, source } = this.options;
    // oxlint-disable-next-line typescript/no-implied-eval -- the text is made here, of names and places only, never of values
    const make = new Function("runtime", "constants", "place", code.join("\n"));
    return make(runtime, this.#constants, { template, source }) as Record<string, Body>;
  }

  // Statements

  nodes(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      if (node.token && node.token.kind !== "text") {
        this.emit(`at = ${node.token.start};`);
        const { template, source } = this.options;
        this.#place = { template, source, start: node.token.start, end: node.token.end };
      }
      node.compile(this);
    }
  }

  emit(line: string): void {
    this.#lines.push(line);
  }

  writeText(text: string): void {
    if (text !== "") this.emit(`${this.#out} += ${JSON.stringify(text)};`);
  }

  /** Appends a JavaScript expression that gives printed text. */
  write(code: string): void {
    this.emit(`${this.#out} += ${code};`);
  }

  /** Prints an expression as `{{ }}` does. */
  print(expression: Expression): void {
    const { operand, filters } = expression;
    if (operand.kind === "literal" && filters.length === 0) {
      if (typeof operand.value === "number") return this.write(`shownNumber(r, ${operand.value})`);
      if (operand.translated) return this.write(`literalText(${JSON.stringify(operand.value)})`);
      return this.writeText(operand.value);
    }
    this.printValue(this.value(expression));
  }

  /** Prints a JavaScript expression's value as `{{ }}` does. */
  printValue(code: string): void {
    const value = atHand;
    const a = this.autoescape;
    const text = a === "a" ? `a ? escapeHtml(${value}) : ${value}` : a === "true" ? `escapeHtml(${value})` : value;
    this.write(
      `typeof (${value} = ${code}) === "string" ? (${text}) : typeof ${value} === "number" ? shownNumber(r, ${value})` +
        ` : yield* print(r, ${value}, ${a})`,
    );
  }

  /** Renders nodes into a variable instead of the output; gives its name. */
  capture(nodes: readonly TemplateNode[]): string {
    const outer = this.#out;
    this.#out = this.temporary();
    this.emit(`${this.#out} = "";`);
    this.nodes(nodes);
    const captured = this.#out;
    this.#out = outer;
    return captured;
  }

  /** Binds names for the nodes inside; `bind` emits the code that gives them their values. */
  within(
    bound: readonly string[],
    bodies: readonly (readonly TemplateNode[])[],
    inside: (bind: (name: string, code: string) => void) => void,
  ): void {
    const outer = this.#names;
    const dynamic = bodies.some((body) => usesContext(body));
    const variables = new Map(outer.variables);
    if (dynamic) {
      const scope = this.temporary("s");
      this.emit(`${scope} = child(${outer.scope});`);
      for (const name of bound) variables.delete(name);
      this.#names = { variables, scope, dynamic };
    } else {
      for (const name of bound) variables.set(name, this.temporary("v"));
      this.#names = { variables, scope: outer.scope, dynamic };
    }
    this.reads.within(bound, () => inside((name, code) => this.#bind(name, code)));
    this.#names = outer;
  }

  /** Gives a name a value from here on, as tags with `as name` do. */
  assign(name: string, code: string): void {
    this.reads.bind(name, null);
    this.#bind(name, code);
  }

  #bind(name: string, code: string): void {
    const variable = this.#names.variables.get(name);
    if (variable !== undefined) this.emit(`${variable} = ${code};`);
    else this.emit(`${this.#names.scope}[${JSON.stringify(name)}] = ${code};`);
  }

  /** The scope object here. Nodes that ask for it say `usesContext`. */
  get scope(): string {
    return this.#names.scope;
  }

  // Expressions

  /** A value, awaited and filtered. */
  value(expression: Expression, missing: Missing = "text"): string {
    const { operand, filters } = expression;
    const tolerant = missing === "quiet" || filters.some((applied) => applied.name.startsWith("default"));
    const base = this.#operand(operand, tolerant);
    if (operand.kind === "literal") return this.filtered(base, filters, missing);
    const value = atHand;
    if (missing !== "text") return this.filtered(`((${value} = ${base}) === undefined ? null : ${value})`, filters, missing);
    const invalid = this.#invalid(expression);
    if (invalid === '""') return this.filtered(`((${value} = ${base}) === undefined ? "" : ${value})`, filters);
    return `((${value} = ${base}) === undefined ? ${invalid} : ${this.filtered(value, filters)})`;
  }

  #invalid({ operand }: Expression): string {
    const text = operand.kind === "path" ? operand.text : "";
    return JSON.stringify(this.options.stringIfInvalid.replaceAll("%s", text));
  }

  /** A value with filters applied to it. */
  filtered(base: string, filters: readonly AppliedFilter[], missing: Missing = "text"): string {
    let code = base;
    for (const { filter, argument } of filters) {
      const options = { asSafe: filter.receivesSafe === true, missing };
      const given = argument === undefined ? "undefined" : this.#argument(argument, options);
      code = this.settled(`${this.constant(applierOf(filter))}(${code}, ${given}, r)`);
    }
    return code;
  }

  /** A value for a tag's function: literals are plain text. */
  argument(expression: Expression): string {
    const { operand, filters } = expression;
    if (operand.kind !== "literal" || filters.length > 0) return this.value(expression);
    return operand.translated ? `literalText(${JSON.stringify(operand.value)})` : JSON.stringify(operand.value);
  }

  #argument(operand: Operand, { asSafe, missing }: { asSafe: boolean; missing: Missing }): string {
    if (operand.kind === "literal" && typeof operand.value === "string" && !asSafe)
      return operand.translated ? `literalText(${JSON.stringify(operand.value)})` : JSON.stringify(operand.value);
    if (operand.kind === "literal") return this.#operand(operand, false);
    if (missing !== "text") return `(${this.#operand(operand, true)} ?? null)`;
    return `present(${this.#operand(operand, false)}, ${JSON.stringify(operand.text)})`;
  }

  #operand(operand: Operand, tolerant: boolean): string {
    if (operand.kind === "path") return this.#path(operand.path, tolerant);
    if (typeof operand.value === "number") return String(operand.value);
    if (operand.translated) return `literalValue(${JSON.stringify(operand.value)})`;
    return this.constant(new SafeString(operand.value));
  }

  #path(path: readonly string[], tolerant: boolean): string {
    const [first, ...rest] = path as [string, ...string[]];
    this.reads.read(path, tolerant);
    if (path.length === 2 && first === "block" && rest[0] === "super") return `(yield* blockSuper(r, ${this.scope}))`;
    let code = this.#name(first, tolerant);
    for (const key of rest) {
      const owner = /^v\d+$/.test(code) ? code : ownerAtHand;
      const value = atHand;
      const get = this.#getter(key);
      const assigned = owner === code ? "" : `${owner} = ${code}, `;
      code = `(${assigned}(${value} = ${get}(${owner})) === WAIT ? ${get}(yield ${owner}) : ${value})`;
    }
    return this.settled(code);
  }

  #name(name: string, tolerant: boolean): string {
    const literal = literals.get(name);
    if (literal !== undefined) return literal;
    const variable = this.#names.variables.get(name);
    if (variable !== undefined) return variable;
    const place = tolerant ? undefined : this.#place;
    return `contextName(r, ${this.scope}, ${this.constant(new runtime.ContextName(name, place))})`;
  }

  #getter(key: string): string {
    let name = this.#getters.get(key);
    if (name === undefined) this.#getters.set(key, (name = this.temporaryName("get")));
    return name;
  }

  /** A JavaScript expression's value, awaited when it must be. */
  settled(code: string): string {
    const value = atHand;
    return `(typeof (${value} = ${code}) === "object" && isPending(${value}) ? yield ${value} : ${value})`;
  }

  /** A condition as a JavaScript boolean. */
  condition(condition: Condition): string {
    switch (condition.kind) {
      case "value":
        return `truthy(${this.value(condition.expression, "quiet")})`;
      case "not":
        return `!${this.condition(condition.operand)}`;
      case "and":
        return `(${this.condition(condition.left)} && ${this.condition(condition.right)})`;
      case "or":
        return `(${this.condition(condition.left)} || ${this.condition(condition.right)})`;
      default:
        return `compare(${JSON.stringify(condition.operator)}, ${this.#compared(condition.left)}, ${this.#compared(condition.right)})`;
    }
  }

  #compared(condition: Condition): string {
    return condition.kind === "value" ? this.value(condition.expression, "quiet") : this.condition(condition);
  }

  // Names

  /** A value that the code can refer to. */
  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `k${known >= 0 ? known : this.#constants.push(value) - 1}`;
  }

  /** A new variable of the function being compiled. */
  temporary(prefix = "t"): string {
    const name = this.temporaryName(prefix);
    this.#variables.push(name);
    return name;
  }

  temporaryName(prefix: string): string {
    return `${prefix}${++this.#count}`;
  }
}

/**
 * A function per key, so that each has the shapes of its own objects to specialise on. A getter is asked once: what it gives may
 * cost a query. `member` looks at what throws and calls what is a function.
 */
function getterCode(key: string, name: string): string {
  const camel = camelCase(key);
  const [property, camelProperty] = [JSON.stringify(key), JSON.stringify(camel)];
  const slow = `member(o, ${property}, ${camelProperty})`;
  if (!isPlainKey(key)) return `const ${name} = (o) => ${slow};`;
  const other = camel === key ? "" : ` if (v === undefined && !(${property} in o)) v = o[${camelProperty}];`;
  return (
    `const ${name} = (o) => { if (typeof o === "object" && o !== null) { try { let v = o[${property}];${other}` +
    ` if (typeof v === "string" || typeof v === "number" || typeof v === "boolean") return v;` +
    ` if (typeof v === "object" && hasAttributes(o)) return v; } catch {} } return ${slow}; };`
  );
}
