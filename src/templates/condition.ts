import { templatesErrors } from "./errors.ts";
import type { Expression } from "./expression.ts";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is" | "is not";

/** What stands in `{% if %}`. */
export type Condition =
  | { readonly kind: "value"; readonly expression: Expression }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Condition; readonly right: Condition };

/** How tightly an operator binds, as in Django. */
const powers: ReadonlyMap<string, number> = new Map([
  ["or", 6], ["and", 7], ["not", 8], ["in", 9], ["not in", 9], ["is", 10], ["is not", 10],
  ["==", 10], ["!=", 10], [">", 10], [">=", 10], ["<", 10], ["<=", 10],
]); // prettier-ignore

/** Parses the words of a condition by operator precedence. @throws TEMPLATES_BAD_SYNTAX */
export function parseCondition(words: readonly string[], expression: (text: string) => Expression): Condition {
  const tokens = joinOperators(words);
  let at = 0;
  const operand = (): Condition => {
    const token = tokens[at++];
    if (token === undefined) throw bad("The condition ends too early.", words);
    if (token === "not") return { kind: "not", operand: climb(powers.get("not")!) };
    if (powers.has(token)) throw bad(`"${token}" has nothing on its left.`, words);
    return { kind: "value", expression: expression(token) };
  };
  const climb = (power: number): Condition => {
    let left = operand();
    while (at < tokens.length) {
      const operator = tokens[at]!;
      const own = operator === "not" ? undefined : powers.get(operator);
      if (own === undefined) throw bad(`"${operator}" stands where an operator should.`, words);
      if (own <= power) break;
      at++;
      left = join(operator, left, climb(own));
    }
    return left;
  };
  return climb(0);
}

function join(operator: string, left: Condition, right: Condition): Condition {
  if (operator === "and" || operator === "or") return { kind: operator, left, right };
  return { kind: "compare", operator: operator as Comparison, left, right };
}

function joinOperators(words: readonly string[]): string[] {
  const tokens: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const pair = `${words[i]} ${words[i + 1]}`;
    if (pair === "is not" || pair === "not in") {
      tokens.push(pair);
      i++;
    } else tokens.push(words[i]!);
  }
  return tokens;
}

function bad(problem: string, words: readonly string[]): Error {
  return templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: `${problem} In: if ${words.join(" ")}` });
}
