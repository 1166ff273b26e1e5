import { formSource, type FormSource } from "../form-data.ts";

/** What was submitted to a form inside a form: the values under its prefix. */
export class NestedData {
  readonly data: FormSource;
  readonly files: FormSource;
  readonly prefix: string;
  /** What stood in its place and was neither an object nor a list; undefined where nothing was wrong. */
  readonly wrong: unknown;

  constructor(data: FormSource, files: FormSource, prefix: string) {
    const own = data.get(prefix);
    this.files = files;
    this.prefix = prefix;
    this.data = isPlainObject(own) ? { ...objectUnder(own, prefix), origin: data.origin } : data;
    this.wrong = own === undefined || own === null || typeof own === "object" ? undefined : own;
  }
}

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object's values by the names they would have in a page: `address-street` for `{ street }` under `address`. */
function objectUnder(object: Readonly<Record<string, unknown>>, prefix: string): FormSource {
  const source = formSource(object);
  const inner = (name: string) => (name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : "");
  return {
    has: (name) => source.has(inner(name)),
    get: (name) => source.get(inner(name)),
    getAll: (name) => source.getAll(inner(name)),
  };
}
