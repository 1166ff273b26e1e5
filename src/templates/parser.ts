import { CortadoError } from "#kernel";
import { type Condition, parseCondition } from "./condition.ts";
import { templatesErrors } from "./errors.ts";
import { type Expression, parseExpression } from "./expression.ts";
import { splitWords, type Token, tokenize } from "./lexer.ts";
import type { Library, RegisteredFilter, TagParser } from "./library.ts";
import type { BlockNode, TemplateNode } from "./nodes.ts";
import type { Reference } from "./template.ts";
import { TemplateError, TemplateSyntaxError } from "./template-error.ts";

/** What a parser needs to know of the engine it works for. */
export interface ParserOptions {
  readonly template: string;
  readonly source: string;
  readonly builtins: readonly Library[];
  readonly libraries: Readonly<Record<string, Library>>;
}

/** Nodes up to an end tag, and that tag. */
export interface Body {
  readonly nodes: readonly TemplateNode[];
  readonly end: Token;
}

/** Turns tokens into nodes. A tag's parser is given this, to read expressions and bodies. */
export class Parser {
  readonly options: ParserOptions;
  readonly blocks = new Map<string, BlockNode>();
  readonly partials = new Map<string, readonly TemplateNode[]>();
  /** What tags of one template remember of one another while it is parsed (the names of cycles). */
  readonly notes = new Map<string, unknown>();
  /** True once something other than text was parsed. */
  begun = false;
  readonly #tokens: readonly Token[];
  readonly #tags = new Map<string, TagParser>();
  readonly #filters = new Map<string, RegisteredFilter>();
  #at = 0;

  constructor(options: ParserOptions) {
    this.options = options;
    this.#tokens = tokenize(options.source);
    for (const library of options.builtins) this.addLibrary(library);
  }

  /** Brings a library's tags and filters in, or only those named. */
  addLibrary(library: Library, names?: readonly string[]): void {
    for (const [name, tag] of Object.entries(library.tags)) if (!names || names.includes(name)) this.#tags.set(name, tag);
    for (const [name, filter] of Object.entries(library.filters))
      if (!names || names.includes(name)) this.#filters.set(name, filter);
  }

  /** The whole template, or what is left of it. */
  parseRest(): readonly TemplateNode[] {
    return this.#parse([]).nodes;
  }

  /** Up to one of these end tags, which is consumed. */
  parseUntil(opening: Token, ...ends: string[]): Body {
    const { nodes, end } = this.#parse(ends);
    if (end === undefined) {
      const tag = splitWords(opening.contents)[0]!;
      throw this.errorAt(opening, templatesErrors.TEMPLATES_UNCLOSED_TAG({ tag, expected: ends }));
    }
    return { nodes, end };
  }

  /** The next token as it stands, for tags that read their contents themselves. @throws TEMPLATES_UNCLOSED_TAG */
  takeToken(opening: Token, end: string): Token {
    const token = this.#tokens[this.#at++];
    if (token !== undefined) return token;
    const tag = splitWords(opening.contents)[0]!;
    throw this.errorAt(opening, templatesErrors.TEMPLATES_UNCLOSED_TAG({ tag, expected: [end] }));
  }

  /** Skips to an end tag without parsing. */
  skipUntil(opening: Token, end: string): void {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at++]!;
      if (token.kind === "tag" && token.contents === end) return;
    }
    throw this.errorAt(
      opening,
      templatesErrors.TEMPLATES_UNCLOSED_TAG({ tag: splitWords(opening.contents)[0]!, expected: [end] }),
    );
  }

  /** `value|filter:argument`. */
  expression(text: string): Expression {
    return parseExpression(text, (name) => this.filter(name));
  }

  /** `a and not b == c`. */
  condition(words: readonly string[]): Condition {
    return parseCondition(words, (text) => this.expression(text));
  }

  /** A filter by name. @throws TEMPLATES_UNKNOWN_FILTER */
  filter(name: string): RegisteredFilter {
    const found = this.#filters.get(name);
    if (found) return found;
    const library = this.#libraryWith((candidate) => Object.hasOwn(candidate.filters, name));
    throw templatesErrors.TEMPLATES_UNKNOWN_FILTER({ filter: name, known: [...this.#filters.keys()], library });
  }

  /** Remembers what a tag refers to by a literal name, for the check of all templates. */
  refer<R extends Reference>(kind: string, reference: R): void {
    this.notes.set(kind, [...this.references<R>(kind), reference]);
  }

  references<R extends Reference>(kind: string): readonly R[] {
    return (this.notes.get(kind) as R[] | undefined) ?? [];
  }

  /** A syntax error, to be thrown from a tag's parser; the place is added. */
  problem(problem: string, hint?: string): CortadoError {
    return templatesErrors.TEMPLATES_BAD_SYNTAX({ problem, ...(hint !== undefined && { hint }) });
  }

  errorAt(token: Token, error: CortadoError): TemplateSyntaxError {
    return new TemplateSyntaxError(error, { ...this.options, start: token.start, end: token.end });
  }

  #parse(ends: readonly string[]): { nodes: TemplateNode[]; end?: Token } {
    const nodes: TemplateNode[] = [];
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at++]!;
      if (token.kind === "comment") continue;
      if (token.kind === "tag" && ends.includes(splitWords(token.contents)[0] ?? "")) return { nodes, end: token };
      try {
        nodes.push(this.#node(token, ends));
      } catch (error) {
        throw error instanceof CortadoError && !(error instanceof TemplateError) ? this.errorAt(token, error) : error;
      }
    }
    return { nodes };
  }

  #node(token: Token, ends: readonly string[]): TemplateNode {
    if (token.kind === "text") return { token, compile: (compiler) => compiler.writeText(token.contents) };
    if (token.kind === "tag") return this.#tag(token, ends);
    this.begun = true;
    if (token.contents === "") throw this.problem("There is an empty {{ }}.", "Name what to print, or remove it.");
    const expression = this.expression(token.contents);
    return { token, compile: (compiler) => compiler.print(expression) };
  }

  #tag(token: Token, ends: readonly string[]): TemplateNode {
    const name = splitWords(token.contents)[0];
    if (name === undefined) throw this.problem("There is an empty {% %}.", "Name a tag, or remove it.");
    const parse = this.#tags.get(name);
    if (!parse) {
      const library = this.#libraryWith((candidate) => Object.hasOwn(candidate.tags, name));
      throw templatesErrors.TEMPLATES_UNKNOWN_TAG({ tag: name, expected: ends, known: [...this.#tags.keys()], library });
    }
    const node = parse(this, token);
    this.begun = true;
    return { ...node, token };
  }

  #libraryWith(test: (library: Library) => boolean): string | undefined {
    return Object.entries(this.options.libraries).find(([, candidate]) => test(candidate))?.[0];
  }
}
