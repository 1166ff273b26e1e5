/*
 * The rule by which a language chooses among the forms of a text, as a catalogue's header says it in C:
 * `nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);`
 * It is read by a parser of its own and becomes functions: nothing of a catalogue is ever run as code.
 */

/** Which form of a text a number takes. */
export interface PluralRule {
  /** How many forms there are. */
  readonly count: number;
  /** The form for a number, from 0. */
  readonly formOf: (n: number) => number;
  /** The rule as it is written; it holds numbers, `n` and operators, and nothing else. */
  readonly source: string;
}

/** English's rule, and that of catalogues which say none. */
export const germanicRule: PluralRule = { count: 2, formOf: (n) => (n === 1 ? 0 : 1), source: "(n != 1)" };

type Evaluate = (n: number) => number;

const precedence: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  ">": 4,
  "<=": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};

const operations: Readonly<Record<string, (left: Evaluate, right: Evaluate) => Evaluate>> = {
  "||": (left, right) => (n) => (left(n) !== 0 || right(n) !== 0 ? 1 : 0),
  "&&": (left, right) => (n) => (left(n) !== 0 && right(n) !== 0 ? 1 : 0),
  "==": (left, right) => (n) => Number(left(n) === right(n)),
  "!=": (left, right) => (n) => Number(left(n) !== right(n)),
  "<": (left, right) => (n) => Number(left(n) < right(n)),
  ">": (left, right) => (n) => Number(left(n) > right(n)),
  "<=": (left, right) => (n) => Number(left(n) <= right(n)),
  ">=": (left, right) => (n) => Number(left(n) >= right(n)),
  "+": (left, right) => (n) => left(n) + right(n),
  "-": (left, right) => (n) => left(n) - right(n),
  "*": (left, right) => (n) => left(n) * right(n),
  "/": (left, right) => (n) => Math.trunc(left(n) / right(n)),
  "%": (left, right) => (n) => left(n) % right(n),
};

/** Longer rules, and deeper ones, are attacks or mistakes. */
const longest = 1000;
const deepest = 50;

/** Reads an expression of C over `n`. @throws SyntaxError with what it does not understand */
class PluralParser {
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    if (text.length > longest) throw new SyntaxError("it is longer than 1000 characters");
    this.#tokens = text.match(/\d+|[=!<>]=|&&|\|\||\S/g) ?? [];
  }

  parse(): Evaluate {
    const whole = this.#choice();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new SyntaxError(`it does not go on with "${rest}"`);
    return whole;
  }

  #choice(): Evaluate {
    if (++this.#depth > deepest) throw new SyntaxError("it is too deep");
    const condition = this.#binary(1);
    let result = condition;
    if (this.#take("?")) {
      const then = this.#choice();
      this.#expect(":");
      const otherwise = this.#choice();
      result = (n) => (condition(n) === 0 ? otherwise(n) : then(n));
    }
    this.#depth--;
    return result;
  }

  #binary(least: number): Evaluate {
    let left = this.#unary();
    for (;;) {
      const operator = this.#tokens[this.#at];
      const rank = operator === undefined ? undefined : precedence[operator];
      if (rank === undefined || rank < least) return left;
      this.#at++;
      left = operations[operator!]!(left, this.#binary(rank + 1));
    }
  }

  #unary(): Evaluate {
    let negated = 0;
    while (this.#take("!")) negated++;
    const value = this.#primary();
    if (negated === 0) return value;
    return negated % 2 === 1 ? (n) => Number(value(n) === 0) : (n) => Number(value(n) !== 0);
  }

  #primary(): Evaluate {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new SyntaxError("it ends too early");
    if (token === "n") return (n) => n;
    if (/^\d+$/.test(token)) {
      const value = Number(token);
      return () => value;
    }
    if (token !== "(") throw new SyntaxError(`"${token}" is not understood`);
    const inner = this.#choice();
    this.#expect(")");
    return inner;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (this.#take(token)) return;
    const found = this.#tokens[this.#at];
    throw new SyntaxError(`"${token}" is missing ${found === undefined ? "at its end" : `before "${found}"`}`);
  }
}

/**
 * Reads the header `Plural-Forms`.
 * @throws SyntaxError with what is wrong
 */
export function parsePluralRule(header: string): PluralRule {
  if (header.length > longest + 100) throw new SyntaxError("it is longer than 1000 characters");
  const found = /^\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+);?\s*$/.exec(header);
  if (found === null) throw new SyntaxError('it must read "nplurals=N; plural=EXPRESSION;"');
  const count = Number(found[1]);
  if (count < 1 || count > 10) throw new SyntaxError("it must have 1 to 10 forms");
  const formOf = new PluralParser(found[2]!).parse();
  return { count, formOf, source: found[2]!.trim() };
}
