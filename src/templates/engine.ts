/**
 * How it works: the life of a template.
 *
 * A loader finds the source by its name. The lexer cuts it into tokens, the parser — with the tags and filters of the
 * libraries — makes nodes of them, and the compiler has the nodes write one JavaScript function for the template and one
 * for each of its blocks and partials. The functions are kept. A render runs them with a context: names are looked up,
 * filters applied, text escaped unless it is a `SafeString`. The functions run straight through; only when a value is a
 * promise or a QuerySet do they hand it out, and go on with what it became.
 */
import { type AddressOptions, addressesOf } from "./addresses.ts";
import { builtinFilters } from "./filters/builtins.ts";
import { bundledLibraries } from "./libraries/bundled.ts";
import { libraryNamed } from "./library-named.ts";
import type { Library } from "./library.ts";
import { DirectoryLoader } from "./loaders/directory.ts";
import type { Loader } from "./loaders/loader.ts";
import { MemoryLoader } from "./loaders/memory.ts";
import { TemplateCache } from "./loaders/template-cache.ts";
import { type TemplateChoice, TypedTemplate } from "./reads/typed-template.ts";
import { type CheckUrl, type TemplateProblem, verifyTemplates } from "./verify.ts";
import { Render, type RenderHost, runBody, runSync, type Reverse } from "./runtime/render.ts";
import { child } from "./runtime/scope.ts";
import { builtinTags } from "./tags/builtins.ts";
import { safe, type SafeString } from "./safe-string.ts";
import { frameOf, TemplateDoesNotExist, TemplateError, type TemplateFrame } from "./template-error.ts";
import { type CompileOptions, compileTemplate } from "./compile-template.ts";
import { templateRendered } from "./template-rendered.ts";
import { templateReads, type TemplateReads } from "./reads/template-reads.ts";
import { CompiledTemplate } from "./template.ts";

/** Is told of a name that a context lacked: where it stands, and which names there were. */
export type OnMissingName = (name: string, place: TemplateFrame, known: () => readonly string[]) => void;

export interface EngineOptions extends AddressOptions {
  /** Sources by name. */
  templates?: Readonly<Record<string, string>> | undefined;
  /** Folders, the first one first. */
  directories?: readonly string[] | undefined;
  /** Loaders of one's own, after the others. */
  loaders?: readonly Loader[] | undefined;
  /** Whether output is escaped. Default: true. */
  autoescape?: boolean | undefined;
  /** What stands where a value is missing; `%s` in it becomes its name. Default: nothing. */
  stringIfInvalid?: string | undefined;
  /** What `{% load name %}` finds, besides `cache`, `humanize`, `i18n`, `l10n`, `static` and `tz`. */
  libraries?: Readonly<Record<string, Library>> | undefined;
  /** Libraries that need no `{% load %}`, or the names under which they are loaded: `["i18n"]`. */
  builtins?: readonly (Library | string)[] | undefined;
  /** Reads files again when they change, and fills `{% debug %}`. */
  debug?: boolean | undefined;
  /** Gives `{% url %}` its addresses. */
  reverse?: Reverse | undefined;
  /** Says what is wrong with a literal `{% url %}`, for `compileAll`: its name, and its parameters' names or number. */
  checkUrl?: CheckUrl | undefined;
  /** Told of each name that a context lacked, and of those it had; not of names under an `{% if %}` or before `default`. */
  onMissingName?: OnMissingName | undefined;
  /** Names that every context has. */
  globals?: Record<string, unknown> | undefined;
  /** The zone dates are shown in. Default: that of what runs, by `cortado/i18n`. */
  timeZone?: string | undefined;
}

/** What a project's engine does otherwise. It draws the admin's pages, too. */
export type TemplateSettings = Pick<EngineOptions, "directories" | "loaders" | "libraries" | "builtins" | "stringIfInvalid">;

declare module "#kernel" {
  interface ProjectSettings {
    /** Further folders, loaders, libraries and builtins of templates, and what stands where a value is missing. */
    templates?: TemplateSettings | undefined;
  }

  interface AppParts {
    /** The app's folder of templates. Default: `<directory>/templates`, when it exists. */
    templates?: string | undefined;
    /** What `{% load name %}` finds, by name. */
    templateLibraries?: Record<string, Library> | undefined;
  }

  interface Services {
    /** Renders the project's templates. */
    templates: Engine;
  }
}

const language: Library = { tags: builtinTags, filters: builtinFilters };

/**
 * Renders templates of Django's language.
 *
 * ```ts
 * const engine = new Engine({ templates: { "hello.html": "Hello {{ name }}!" } });
 * await engine.render("hello.html", { name: "<World>" }); // "Hello &lt;World&gt;!"
 * ```
 */
export class Engine {
  readonly options: EngineOptions;
  readonly #cache: TemplateCache;
  readonly #host: RenderHost;
  readonly #compileOptions: CompileOptions;

  /** @throws TEMPLATES_UNKNOWN_LIBRARY */
  constructor(options: EngineOptions = {}) {
    this.options = options;
    const libraries = { ...bundledLibraries, ...options.libraries };
    const builtins = (options.builtins ?? []).map((given) =>
      typeof given === "string" ? libraryNamed(given, libraries) : given,
    );
    this.#compileOptions = { builtins: [language, ...builtins], libraries, stringIfInvalid: options.stringIfInvalid ?? "" };
    const { templates = {}, directories = [], loaders = [], debug = false, onMissingName } = options;
    const all = [new MemoryLoader(templates), ...directories.map((directory) => new DirectoryLoader(directory)), ...loaders];
    this.#cache = new TemplateCache(all, { watches: debug, compile: (source) => compileTemplate(source, this.#compileOptions) });
    this.#host = {
      globals: options.globals ?? {},
      stringIfInvalid: options.stringIfInvalid ?? "",
      timeZone: options.timeZone,
      addresses: addressesOf(options),
      debug,
      reverse: options.reverse,
      onMissingName: onMissingName && ((name, place, known) => onMissingName(name, frameOf(place), known)),
      findTemplate: (name, seen) => this.#cache.get(name, seen),
      templateNames: () => this.#cache.names(),
    };
  }

  /**
   * Renders a template, or a part of one: `"page.html#row"`. A list of names takes the first that exists.
   * @throws TemplateDoesNotExist, TemplateSyntaxError, and whatever the context's own functions throw
   */
  async render<Context extends object = Record<string, unknown>>(
    template: TemplateChoice<Context>,
    context: NoInfer<Context> = {} as Context,
  ): Promise<string> {
    return this.#run(this.getTemplate(template), context as Record<string, unknown>);
  }

  /** Renders a template given as text. */
  async renderString(source: string, context: Record<string, unknown> = {}): Promise<string> {
    return this.#run(this.fromString(source), context);
  }

  /** Renders at once. @throws TEMPLATES_PENDING_VALUE when something would have to be awaited */
  renderSync(name: string | readonly string[], context: Record<string, unknown> = {}): string {
    const template = this.getTemplate(name);
    const render = this.#start(template, context);
    return runSync(render, template.body(render, child(null)));
  }

  /**
   * Renders a part of a page: HTML that another template leaves as it is. A promise only where something has to be awaited.
   * @throws TemplateDoesNotExist, TemplateSyntaxError, and whatever the context's own functions throw
   */
  renderHtml(name: string | readonly string[], context: Record<string, unknown> = {}): SafeString | Promise<SafeString> {
    const html = this.#run(this.getTemplate(name), context);
    return typeof html === "string" ? safe(html) : html.then(safe);
  }

  /** A compiled template, or the first of several that exists. @throws TemplateDoesNotExist */
  getTemplate(choice: TemplateChoice<never>): CompiledTemplate {
    if (choice instanceof CompiledTemplate) return choice;
    const name = choice instanceof TypedTemplate ? choice.name : choice;
    if (typeof name === "string") return this.#cache.get(name);
    for (const candidate of name.slice(0, -1)) {
      try {
        return this.#cache.get(candidate);
      } catch (error) {
        if (!(error instanceof TemplateDoesNotExist)) throw error;
      }
    }
    return this.#cache.get(name.at(-1) ?? "");
  }

  /** Compiles a template given as text, for a context's `{% include template %}` or to render it later. */
  fromString(source: string, name = "<string>"): CompiledTemplate {
    return compileTemplate({ name, text: source, origin: name }, this.#compileOptions);
  }

  /** Compiles every template there is and says all that is wrong with them: for the checks before a start. */
  compileAll(): TemplateProblem[] {
    return verifyTemplates(this.#cache, this.options.checkUrl);
  }

  /** Every template there is by its name, and after a `#` its partials. What cannot be compiled is left out. */
  names(): string[] {
    return this.#cache.names().flatMap((name) => {
      try {
        return [name, ...[...this.#cache.get(name).partials.keys()].map((partial) => `${name}#${partial}`)];
      } catch (error) {
        if (error instanceof TemplateError) return [];
        throw error;
      }
    });
  }

  /**
   * The names that a template reads from its context — with its parents and what it includes — and the attributes of them.
   * Those that every context has are among them.
   *
   * ```ts
   * const engine = new Engine({ templates: { "hello.html": "Hello {{ user.name }}!" } });
   * const { required } = engine.readsOf("hello.html"); // { user: { name: {} } }
   * ```
   * @throws TemplateDoesNotExist, TemplateSyntaxError
   */
  readsOf(name: string): TemplateReads {
    return templateReads(this.#cache, name);
  }

  #run(template: CompiledTemplate, context: Record<string, unknown>): string | Promise<string> {
    const render = this.#start(template, context);
    return runBody(render, template.body(render, child(null)));
  }

  #start(template: CompiledTemplate, context: Record<string, unknown>): Render {
    const render = new Render(this.#host, template, { context, autoescape: this.options.autoescape ?? true });
    if (!templateRendered.isIdle) templateRendered.sendNow(render, { template, context });
    return render;
  }
}
