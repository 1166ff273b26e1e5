import type { Compiler } from "../compiler.ts";
import { splitWords } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { TemplateNode } from "../nodes.ts";
import type { Parser } from "../parser.ts";
import type { Render } from "../runtime/render.ts";
import { child, ContextName, contextName, flatten, type Scope } from "../runtime/scope.ts";
import { SafeString } from "../safe-string.ts";
import { parseArguments, type TagArguments } from "./keyword-arguments.ts";

export interface TagOptions {
  /** The function's first parameter is the context. */
  takesContext?: boolean;
  /** Whether the function may give names values, with `context.set`. Default: where it takes the context. */
  setsNames?: boolean;
}

/** A tag's function. Named arguments come last, as one object (without a prototype). */
export type TagFunction = (...given: any[]) => unknown;

/** The context, as a custom tag sees it. */
export class TagContext {
  readonly #render: Render;
  readonly #scope: Scope;

  constructor(render: Render, scope: Scope) {
    this.#render = render;
    this.#scope = scope;
  }

  /** Whether output is escaped where the tag stands. */
  get autoescape(): boolean {
    return this.#render.autoescape;
  }

  /** The value of a name, undefined when there is none. */
  get(name: string): unknown {
    return contextName(this.#render, this.#scope, new ContextName(name));
  }

  /** Gives a name a value, for what follows the tag. */
  set(name: string, value: unknown): void {
    this.#scope[name] = value;
  }

  /** All names with their values. */
  flatten(): Record<string, unknown> {
    return flatten(this.#render, this.#scope);
  }
}

/**
 * A tag that prints what a function returns (escaped, unless it is a `SafeString`), or keeps it: `{% tag … as name %}`.
 *
 * ```ts
 * library({ tags: { greeting: simpleTag((name: string, { mood = "kind" } = {}) => `A ${mood} hello to ${name}`) } });
 * // {% greeting user.name mood="warm" %}
 * ```
 */
export function simpleTag(run: TagFunction, options: TagOptions = {}): TagParser {
  return (parser, token) => {
    const given = parseArguments(parser, splitWords(token.contents).slice(1));
    return callNode(given, (compiler) => callCode(compiler, { run, given, options, first: [] }));
  };
}

/**
 * A tag with a body: the function is given the rendered body first.
 *
 * ```ts
 * library({ tags: { card: blockTag((content: SafeString, title: string) => safe(`<h2>${escapeHtml(title)}</h2>${content}`)) } });
 * // {% card "Coffee" %}…{% endcard %}
 * ```
 */
export function blockTag(run: TagFunction, options: TagOptions = {}): TagParser {
  return (parser, token) => {
    const [name, ...words] = splitWords(token.contents);
    const given = parseArguments(parser, words);
    const { nodes } = parser.parseUntil(token, `end${name}`);
    const call = (compiler: Compiler) => {
      const content = `${compiler.constant(safeContent)}(${compiler.capture(nodes)})`;
      return callCode(compiler, { run, given, options, first: [content] });
    };
    return { ...callNode(given, call), bodies: [nodes] };
  };
}

/**
 * A tag that renders a template with what a function returns as its context.
 *
 * ```ts
 * library({ tags: { price: inclusionTag("price.html", (coffee: Coffee) => ({ won: coffee.price })) } });
 * ```
 */
export function inclusionTag(template: string | readonly string[], run: TagFunction, options: TagOptions = {}): TagParser {
  return (parser: Parser, token) => {
    const given = parseArguments(parser, splitWords(token.contents).slice(1));
    return {
      usesContext: true,
      compile: (compiler) => {
        const scope = `${compiler.constant(inclusionScope)}(r, ${compiler.scope}, ${callCode(compiler, { run, given, options, first: [] })})`;
        compiler.write(
          `yield* include(r, ${scope}, { template: ${compiler.constant(template)}, from: place.template, only: true })`,
        );
      },
    };
  };
}

function callNode({ as }: TagArguments, call: (compiler: Compiler) => string): TemplateNode {
  return {
    usesContext: true,
    compile: (compiler) => {
      if (as !== undefined) return compiler.assign(as, call(compiler));
      const value = compiler.temporary();
      compiler.emit(`${value} = ${call(compiler)};`);
      compiler.printValue(`${value} === undefined ? "" : ${value}`);
    },
  };
}

interface Call {
  readonly run: TagFunction;
  readonly given: TagArguments;
  readonly options: TagOptions;
  readonly first: readonly string[];
}

function callCode(compiler: Compiler, { run, given, options, first }: Call): string {
  const context = options.takesContext ? [`new (${compiler.constant(TagContext)})(r, ${compiler.scope})`] : [];
  const positional = given.positional.map((expression) => compiler.argument(expression));
  const named = given.named.map(([name, expression]) => `[${JSON.stringify(name)}]: ${compiler.argument(expression)}`);
  const all = [...context, ...first, ...positional, ...(named.length > 0 ? [`{ __proto__: null, ${named.join(", ")} }`] : [])];
  if (options.setsNames ?? options.takesContext) compiler.reads.loosen();
  return compiler.settled(`${compiler.constant(run)}(${all.join(", ")})`);
}

function safeContent(text: string): SafeString {
  return new SafeString(text);
}

const csrfToken = new ContextName("csrf_token");

/** The inclusion's own scope; the CSRF token goes along, for forms. */
function inclusionScope(render: Render, scope: Scope, values: unknown): Scope {
  const inner = child(null);
  const token = contextName(render, scope, csrfToken);
  if (token !== undefined) inner["csrf_token"] = token;
  return Object.assign(inner, values);
}
