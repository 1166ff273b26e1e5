import type { Compiler } from "../compiler.ts";
import type { Expression } from "../expression.ts";
import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { Parser } from "../parser.ts";
import { type Render, statesOf } from "../runtime/render.ts";
import type { Scope } from "../runtime/scope.ts";

interface Cycle {
  readonly values: readonly Expression[];
  readonly name: string | undefined;
  readonly silent: boolean;
}

const lastCycle = "last cycle";
const noteOf = (name: string) => `cycle ${name}`;

/** `{% cycle "odd" "even" as name silent %}`, and `{% cycle name %}` for its next turn. */
export const cycleTag: TagParser = (parser, token) => {
  const words = splitWords(token.contents).slice(1);
  const cycle = words.length === 1 ? namedCycle(parser, words[0]!) : newCycle(parser, words);
  return { usesContext: cycle.name !== undefined, compile: (compiler) => compileCycle(compiler, cycle) };
};

/** `{% resetcycle name %}`, or the last one. */
export const resetcycleTag: TagParser = (parser, token) => {
  const [, name, ...rest] = splitWords(token.contents);
  if (rest.length > 0) throw parser.problem("{% resetcycle %} takes at most one argument: the cycle's name.");
  const cycle = name === undefined ? parser.notes.get(lastCycle) : namedCycle(parser, name);
  if (cycle === undefined) throw parser.problem("{% resetcycle %} stands before any {% cycle %}.");
  return { compile: (compiler) => compiler.emit(`r.frame.states?.delete(${compiler.constant(cycle)});`) };
};

function namedCycle(parser: Parser, name: string): Cycle {
  const cycle = parser.notes.get(noteOf(name)) as Cycle | undefined;
  if (cycle) return cycle;
  const known = [...parser.notes.keys()].filter((note) => note.startsWith("cycle ")).map((note) => note.slice(6));
  throw parser.problem(`There is no cycle named "${name}" before this place. There are: ${known.join(", ") || "none"}.`);
}

function newCycle(parser: Parser, words: readonly string[]): Cycle {
  if (words.length === 0) throw parser.problem("{% cycle %} needs values to go through.");
  const as = words.at(-2) === "as" ? words.length - 2 : words.at(-3) === "as" ? words.length - 3 : undefined;
  const flag = as === undefined ? undefined : words[as + 2];
  if (flag !== undefined && flag !== "silent")
    throw parser.problem(`After the name of a cycle only "silent" may stand, not "${flag}".`);
  const values = words.slice(0, as).map((word) => parser.expression(word));
  const name = as === undefined ? undefined : words[as + 1];
  const cycle: Cycle = { values, name, silent: flag === "silent" };
  if (name !== undefined) parser.notes.set(noteOf(name), cycle);
  parser.notes.set(lastCycle, cycle);
  return cycle;
}

function compileCycle(compiler: Compiler, cycle: Cycle): void {
  const turn = compiler.temporary();
  const value = compiler.temporary();
  compiler.emit(`${turn} = ${compiler.constant(nextTurn)}(r, ${compiler.constant(cycle)});`);
  const choices = cycle.values.map((expression, i) => `${turn} === ${i} ? ${compiler.value(expression)} : `);
  compiler.emit(`${value} = ${choices.join("")}"";`);
  if (cycle.name !== undefined) {
    compiler.reads.bind(cycle.name, null);
    compiler.emit(`${compiler.constant(setUpward)}(${compiler.scope}, ${JSON.stringify(cycle.name)}, ${value});`);
  }
  if (!cycle.silent) compiler.printValue(value);
}

function nextTurn(render: Render, cycle: Cycle): number {
  const states = statesOf(render.frame);
  const turn = (states.get(cycle) as number | undefined) ?? 0;
  states.set(cycle, (turn + 1) % cycle.values.length);
  return turn;
}

/** Sets a name where it is bound already, else here: a cycle outside a loop goes on inside it. */
function setUpward(scope: Scope, name: string, value: unknown): void {
  let owner: Scope | null = scope;
  while (owner !== null && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as Scope | null;
  (owner ?? scope)[name] = value;
}
