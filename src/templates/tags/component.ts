import type { Compiler } from "../compiler.ts";
import type { ComponentCall } from "../component-shape.ts";
import type { ComponentReference } from "../template.ts";
import type { Expression } from "../expression.ts";
import { splitWords, type Token } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { TemplateNode } from "../nodes.ts";
import type { Parser } from "../parser.ts";
import { noteAttributes } from "./attrs.ts";
import { component } from "../runtime/component.ts";

/** What is put into a slot. */
interface Fill {
  readonly slot: string;
  /** The name under which it sees what the slot gives it. */
  readonly as: string | undefined;
  readonly nodes: readonly TemplateNode[];
}

/** A named argument, or `...dictionary`, whose name is undefined. */
type Argument = readonly [name: string | undefined, value: Expression];

const argumentPattern = /^([\p{L}_@:][\p{L}\p{N}_.:@-]*)=(.+)$/su;

/**
 * `{% component "card" title=coffee.name class="wide" %}…{% slot "footer" %}…{% endslot %}{% endcomponent %}`, or
 * `{% component "icon" name="cup" / %}`. A slot directly inside fills one of the component's; what stands around fills the default one.
 */
export const componentTag: TagParser = (parser, token) => {
  const isClosed = token.contents.endsWith("/");
  const [, name, ...words] = splitWords(isClosed ? token.contents.slice(0, -1) : token.contents);
  if (name === undefined) throw parser.problem("{% component %} names no component.", 'Write {% component "card" %}.');
  const given = readArguments(parser, words);
  const fills = isClosed ? [] : readFills(parser, token);
  const expression = parser.expression(name);
  const call = noteCall(parser, token, { name: expression, given, fills });
  return {
    bodies: fills.map(({ nodes }) => nodes),
    usesContext: true,
    compile: (compiler) => compileCall(compiler, { call, name: expression, given, fills }),
  };
};

function readArguments(parser: Parser, words: readonly string[]): Argument[] {
  const seen = new Set<string>();
  return words.map((word) => {
    if (word.startsWith("...")) {
      const spread = parser.expression(word.slice(3));
      if (spread.operand.kind === "path" && spread.operand.path[0] === "attrs") noteAttributes(parser);
      return [undefined, spread];
    }
    const match = argumentPattern.exec(word);
    if (!match)
      throw parser.problem(`{% component %} does not understand "${word}".`, "Write name=value; for a switch, name=True.");
    const [, name, value] = match as unknown as [string, string, string];
    if (seen.has(name)) throw parser.problem(`{% component %} is given "${name}" twice.`);
    seen.add(name);
    return [name, parser.expression(value)];
  });
}

function readFills(parser: Parser, token: Token): Fill[] {
  const loose: TemplateNode[] = [];
  const fills: Fill[] = [];
  for (;;) {
    const { nodes, end } = parser.parseUntil(token, "slot", "endcomponent");
    loose.push(...nodes);
    if (end.contents.startsWith("endcomponent")) break;
    const fill = readFill(parser, end);
    if (fills.some(({ slot }) => slot === fill.slot))
      throw parser.errorAt(end, parser.problem(`The slot "${fill.slot}" is filled twice.`));
    fills.push(fill);
  }
  if (loose.every(isBlank)) return fills;
  if (fills.some(({ slot }) => slot === "default")) {
    throw parser.problem(
      'The slot "default" is filled, and other text stands beside it.',
      "Put all of it into the slot, or leave the slot's tags away.",
    );
  }
  return [{ slot: "default", as: undefined, nodes: loose }, ...fills];
}

function readFill(parser: Parser, token: Token): Fill {
  const words = splitWords(token.contents).slice(1);
  const as = words.at(-2) === "as" ? words.at(-1) : undefined;
  const name = as === undefined ? words : words.slice(0, -2);
  const slot = name.length === 0 ? "default" : slotName(name[0]!);
  if (name.length > 1 || slot === undefined) {
    throw parser.errorAt(
      token,
      parser.problem(`{% ${token.contents} %} fills no slot.`, 'Write {% slot "name" %}, or {% slot "name" as data %}.'),
    );
  }
  return { slot, as, nodes: parser.parseUntil(token, "endslot").nodes };
}

/** A slot's name stands in quotes: it is known before a render. */
export function slotName(word: string): string | undefined {
  return /^(["'])([\p{L}\p{N}_-]+)\1$/u.exec(word)?.[2];
}

function isBlank({ token }: TemplateNode): boolean {
  if (token?.kind === "tag") return /^(?:comment|load)\b/.test(token.contents);
  return token?.kind === "text" && token.contents.trim() === "";
}

interface Parts {
  readonly name: Expression;
  readonly given: readonly Argument[];
  readonly fills: readonly Fill[];
}

/** Notes the use of a component that is named in quotes, for the check of all templates. */
function noteCall(parser: Parser, { start, end }: Token, { name, given, fills }: Parts): ComponentCall {
  const slots = fills.map(({ slot }) => slot);
  const call: ComponentCall = {
    given: given.flatMap(([argument]) => argument ?? []),
    spreads: given.some(([argument]) => argument === undefined),
    slots,
    filled: Object.assign(Object.create(null) as object, Object.fromEntries(slots.map((slot) => [slot, true as const]))),
  };
  const { operand, filters } = name;
  if (operand.kind === "literal" && filters.length === 0) {
    parser.refer<ComponentReference>("components", { ...call, name: String(operand.value), start, end });
  }
  return call;
}

function compileCall(compiler: Compiler, { call, name, given, fills }: Parts & { call: ComponentCall }): void {
  const values = given.map(([, value]) => compiler.value(value));
  const bodies = fills.map(({ slot, as, nodes }) => {
    let body = "";
    compiler.reads.within(as === undefined ? [] : [as], () => (body = compiler.part(nodes)));
    return `[${JSON.stringify(slot)}]: { body: ${body}, as: ${as === undefined ? "undefined" : JSON.stringify(as)} }`;
  });
  const use = compiler.constant({ call, names: given.map(([argument]) => argument) });
  const filled = compiler.hoist(`{ __proto__: null, ${bodies.join(", ")} }`);
  const called = `{ name: ${compiler.argument(name)}, use: ${use}, fills: ${filled}, values: [${values.join(", ")}] }`;
  compiler.write(`yield* ${compiler.constant(component)}(r, ${compiler.scope}, ${called})`);
}
