import type { Compiler } from "../compiler.ts";
import { splitWords, type Token } from "../lexer.ts";
import type { TagParser } from "../library.ts";
import type { TemplateNode } from "../nodes.ts";
import type { Parser } from "../parser.ts";
import type { Render } from "../runtime/render.ts";
import { child, ContextName, contextName, flatten, nameAsItStands, type Scope } from "../runtime/scope.ts";
import { safe, type SafeString } from "../safe-string.ts";
import type { CompiledTemplate } from "../template.ts";
import { type BoundArguments, bindArguments } from "./bind-arguments.ts";
import { parseArguments } from "./keyword-arguments.ts";
import { signatureOf } from "./signature.ts";

export interface TagOptions {
  /** The function's first parameter is the context. */
  takesContext?: boolean | undefined;
  /** Whether the function may give names values, with `context.set`. Default: where it takes the context. */
  setsNames?: boolean | undefined;
}

export interface BlockTagOptions extends TagOptions {
  /** What closes the tag. Default: `end` and its name. */
  end?: string | undefined;
}

/**
 * A tag's function. Its parameters are the tag's arguments: in their places, or by their names; those of an object at the end by their
 * names alone. One without a default must be given.
 */
export type TagFunction = (...given: any[]) => unknown;

/** The function of a tag that is given the context first. */
export type ContextTagFunction = (context: TagContext, ...given: any[]) => unknown;

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
export function simpleTag(run: ContextTagFunction, options: TagOptions & { takesContext: true }): TagParser;
export function simpleTag(run: TagFunction, options?: TagOptions): TagParser;
export function simpleTag(run: TagFunction, options: TagOptions = {}): TagParser {
  return (parser, token) => {
    const call = readCall(parser, token, { run, options });
    return callNode(call.as, (compiler) => callCode(compiler, call, []));
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
export function blockTag(
  run: (context: TagContext, content: SafeString, ...given: any[]) => unknown,
  options: BlockTagOptions & { takesContext: true },
): TagParser;
export function blockTag(run: (content: SafeString, ...given: any[]) => unknown, options?: BlockTagOptions): TagParser;
export function blockTag(run: TagFunction, options: BlockTagOptions = {}): TagParser {
  return (parser, token) => {
    const call = readCall(parser, token, { run, options, content: true });
    const { nodes } = parser.parseUntil(token, options.end ?? `end${splitWords(token.contents)[0]}`);
    const code = (compiler: Compiler) => callCode(compiler, call, [`${compiler.constant(safe)}(${compiler.capture(nodes)})`]);
    return { ...callNode(call.as, code), bodies: [nodes] };
  };
}

/**
 * A tag that renders a template with what a function returns as its context.
 *
 * ```ts
 * library({ tags: { price: inclusionTag("price.html", (coffee: Coffee) => ({ won: coffee.price })) } });
 * ```
 */
export function inclusionTag(
  template: string | readonly string[] | CompiledTemplate,
  run: ContextTagFunction,
  options: TagOptions & { takesContext: true },
): TagParser;
export function inclusionTag(
  template: string | readonly string[] | CompiledTemplate,
  run: TagFunction,
  options?: TagOptions,
): TagParser;
export function inclusionTag(
  template: string | readonly string[] | CompiledTemplate,
  run: TagFunction,
  options: TagOptions = {},
): TagParser {
  return (parser, token) => {
    const call = readCall(parser, token, { run, options });
    return {
      usesContext: true,
      compile: (compiler) => {
        const scope = `${compiler.constant(inclusionScope)}(r, ${compiler.scope}, ${callCode(compiler, call, [])})`;
        const rendered = compiler.temporary();
        compiler.emit(
          `${rendered} = yield* include(r, ${scope}, { template: ${compiler.constant(template)}, from: place.template, only: true });`,
        );
        if (call.as === undefined) compiler.write(rendered);
        else compiler.assign(call.as, `${compiler.constant(safe)}(${rendered})`);
      },
    };
  };
}

function callNode(as: string | undefined, call: (compiler: Compiler) => string): TemplateNode {
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

interface TagDefinition {
  readonly run: TagFunction;
  readonly options: TagOptions;
  /** Whether the function is given what stands inside the tag. */
  readonly content?: boolean;
}

interface Call extends TagDefinition {
  readonly given: BoundArguments;
  readonly as: string | undefined;
}

function readCall(parser: Parser, token: Token, definition: TagDefinition): Call {
  const [tag, ...words] = splitWords(token.contents) as [string, ...string[]];
  const given = parseArguments(parser, words);
  const signature = signatureOf(definition.run);
  const before = (definition.options.takesContext ? 1 : 0) + (definition.content ? 1 : 0);
  const own = signature && { ...signature, positional: signature.positional.slice(before) };
  return { ...definition, given: bindArguments(tag, given, own), as: given.as };
}

function callCode(compiler: Compiler, { run, given, options }: Call, first: readonly string[]): string {
  const context = options.takesContext ? [`new (${compiler.constant(TagContext)})(r, ${compiler.scope})`] : [];
  const positional = given.positional.map((expression) => (expression ? compiler.argument(expression) : "undefined"));
  const named = given.named?.map(([name, expression]) => `[${JSON.stringify(name)}]: ${compiler.argument(expression)}`);
  const all = [...context, ...first, ...positional, ...(named ? [`{ __proto__: null, ${named.join(", ")} }`] : [])];
  if (options.setsNames ?? options.takesContext) compiler.reads.loosen();
  return compiler.settled(`${compiler.constant(run)}(${all.join(", ")})`);
}

/** The inclusion's own scope; the CSRF token goes along, for forms. */
function inclusionScope(render: Render, scope: Scope, values: unknown): Scope {
  const inner = child(null);
  const token = nameAsItStands(render, scope, "csrf_token");
  if (token !== undefined) inner["csrf_token"] = token;
  return Object.assign(inner, values);
}
