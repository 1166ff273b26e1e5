/**
 * How it works: `.cortado/templates.d.ts`, which `cortado check` and `runserver` keep, adds to `TemplateNames` what each
 * template of the project reads. `template<Context>(name)` is given the names of those templates to which the context is
 * enough; in place of a template that reads more stands a text that says what is missing, so the compiler shows it.
 * Without the file there are no names, and any text is taken.
 */

import type { DateAttribute, TextAttribute } from "../runtime/python-attributes.ts";
import type { CompiledTemplate } from "../template.ts";

/** What a template reads of its context: what it always reads, and what it reads only under a condition. */
export interface Reading {
  required: object;
  optional: object;
  /** The required names as a context may spell them. */
  names: string;
}

/** The templates of the project, by name. `.cortado/templates.d.ts` adds them. */
// oxlint-disable-next-line typescript/no-empty-interface -- it is added to
export interface TemplateNames {}

/** A template's name, or any text where the project's templates are not known. */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- there are no names before the file is there
export type TemplateName = [keyof TemplateNames] extends [never] ? string : keyof TemplateNames & string;

type Camel<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

/** What a template sees of a value: functions called, and what a promise or a QuerySet becomes. */
type Seen<T> = T extends (...given: never[]) => infer R ? T | Awaited<R> : T | Awaited<T>;

/** An attribute of a value, of whichever of a union's members has it; never where none does. */
type Attribute<T, Name> = T extends unknown
  ? Name extends keyof T
    ? T[Name]
    : Camel<Name> extends keyof T
      ? T[Camel<Name> & keyof T]
      : T extends ReadonlyMap<unknown, unknown>
        ? any
        : Name extends "items" | "keys" | "values" | PythonName<T>
          ? any
          : Name extends `${number}`
            ? Item<T>
            : never
  : never;

/** The names that a moment or a text has in Python. */
type PythonName<T> = T extends Date ? DateAttribute : T extends string ? TextAttribute : never;

type Item<T> =
  T extends ReadonlyMap<unknown, unknown>
    ? any
    : T extends Iterable<infer I>
      ? I
      : T extends AsyncIterable<infer I>
        ? I
        : T extends object
          ? any
          : never;

/** The paths below a value that a template asks for and the value's type lacks. */
type Lacking<T, Shape, Path extends string> = unknown extends T
  ? never
  : keyof Shape extends never
    ? never
    : {
        [Name in keyof Shape & string]: Name extends "*"
          ? Lacking<Item<Seen<NonNullable<T>>>, Shape[Name], `${Path}.*`>
          : [Attribute<Seen<NonNullable<T>>, Name>] extends [never]
            ? [NonNullable<T>] extends [never]
              ? never
              : `${Path}.${Name}`
            : Lacking<Attribute<Seen<NonNullable<T>>, Name>, Shape[Name], `${Path}.${Name}`>;
      }[keyof Shape & string];

/** Of the names that a context does not have as they stand, those that it does not have in camelCase either. */
type Missing<Context, Name> = Name extends `${string}_${string}` ? (Camel<Name> extends keyof Context ? never : Name) : Name;

type Lacks<Context, Shape> = {
  [Name in keyof Shape & string]: Name extends keyof Context
    ? Lacking<Context[Name], Shape[Name], Name>
    : Camel<Name> extends keyof Context
      ? Lacking<Context[Camel<Name> & keyof Context], Shape[Name], Name>
      : never;
}[keyof Shape & string];

/**
 * The template's name, or what is amiss. The compiler lists such texts by the alphabet and leaves out most of many: the
 * parentheses put templates that read any of the context's names in front, the dots put the others at the end.
 */
type Fitting<Context, Name extends string, R extends Reading> = [Exclude<keyof R["required"], keyof Context>] extends [never]
  ? Having<Context, Name, R>
  : [keyof Context & R["names"]] extends [never]
    ? `… ${Name} reads ${keyof R["required"] & string}, which the context lacks`
    : Judged<Context, Name, R, Missing<Context, Exclude<keyof R["required"], keyof Context>>>;

type Judged<Context, Name extends string, R extends Reading, Gone> = [Gone] extends [never]
  ? Having<Context, Name, R>
  : `(${Name} reads ${Gone & string}, which the context lacks)`;

type Having<Context, Name extends string, R extends Reading> = Told<Name, Lacks<Context, R["required"] & R["optional"]>>;

type Told<Name extends string, Gone> = [Gone] extends [never]
  ? Name
  : `(${Name} reads ${Gone & string}, which the context's type lacks)`;

/** The names of the templates to which a context is enough. */
export type TemplateFor<Context> = [Context] extends [never]
  ? never
  : [keyof TemplateNames] extends [never]
    ? string
    : { [Name in keyof TemplateNames]: Fitting<Context, Name, TemplateNames[Name]> }[keyof TemplateNames];

/** The context that a template's own names ask for; of no particular types. */
export type ContextFor<Name> = Name extends keyof TemplateNames
  ? { [Key in keyof TemplateNames[Name]["required"]]: unknown } & {
      [Key in keyof TemplateNames[Name]["optional"]]?: unknown;
    } & Record<string, unknown>
  : Record<string, unknown>;

/** A template by its name, with the type of its context. `template()` makes one. */
export class TypedTemplate<in Context extends object> {
  readonly name: string;
  /** What it is rendered with; known to the compiler alone. */
  declare protected readonly context: (context: Context) => void;

  constructor(name: string) {
    this.name = name;
  }
}

/** What can be rendered: a template by its name, the first that exists of several, or one that was compiled. */
export type TemplateChoice<Context extends object = Record<string, unknown>> =
  | string
  | readonly string[]
  | TypedTemplate<Context>
  | CompiledTemplate;

/**
 * A template whose context the compiler checks: against the template's own names where it is declared, and against the
 * type wherever it is rendered.
 *
 * ```ts
 * const page = template<{ coffee_list: QuerySet<Coffee> }>("coffee.html");
 * return render(request, page, { coffee_list: Coffee.objects.all() });
 * ```
 */
export function template<Context extends object = never>(name: TemplateFor<Context>): TypedTemplate<Context>;
export function template<Name extends TemplateName>(name: Name): TypedTemplate<ContextFor<Name>>;
export function template(name: string): TypedTemplate<object> {
  return new TypedTemplate(name);
}
