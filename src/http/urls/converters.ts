/**
 * How a part of an address becomes a parameter, and back.
 */
export interface Converter<V = unknown> {
  /** What it matches, without groups that capture. */
  readonly regex: RegExp;
  /** The value of the matched text; undefined where it is no value after all: then the pattern does not match. */
  toValue(text: string): V | undefined;
  /** The text of a value; undefined where the value does not belong here. */
  toUrl(value: V): string | undefined;
}

/** The type of each converter's value. Augment it beside `registerConverter`. */
export interface ConverterValues {
  int: number;
  str: string;
  slug: string;
  uuid: string;
  path: string;
}

function textConverter(regex: RegExp): Converter<string> {
  return { regex, toValue: (text) => text, toUrl: String };
}

function toInteger(text: string): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

const converters = new Map<string, Converter<any>>([
  ["int", { regex: /[0-9]+/, toValue: toInteger, toUrl: String }],
  ["str", textConverter(/[^/]+/)],
  ["slug", textConverter(/[-a-zA-Z0-9_]+/)],
  ["uuid", textConverter(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/)],
  ["path", textConverter(/.+/)],
]);

/**
 * Adds a converter for `path()`.
 *
 * ```ts
 * registerConverter("year", { regex: /[0-9]{4}/, toValue: Number, toUrl: (year: number) => String(year).padStart(4, "0") });
 * declare module "cortado/http" { interface ConverterValues { year: number } }
 * path("archive/<year:year>/", archive);
 * ```
 */
export function registerConverter<V>(name: string, converter: Converter<V>): void {
  converters.set(name, converter);
}

export function findConverter(name: string): Converter<any> | undefined {
  return converters.get(name);
}

export function converterNames(): string[] {
  return [...converters.keys()];
}
