/** Where submitted values are read from: `URLSearchParams`, `FormData` and a request's `MultiDict` are such sources. */
export interface FormSource<T = unknown> {
  has(name: string): boolean;
  get(name: string): T | null | undefined;
  getAll(name: string): readonly T[];
  /** A value as it was given, where sources keep more than lists of texts: JSON tells a list from a single value. */
  given?(name: string): unknown;
  /** What the values are a part of: all that was submitted at once. */
  readonly origin?: object | undefined;
}

/** Submitted values, as a source or as a plain object. */
export type SubmittedData = FormSource | Readonly<Record<string, unknown>>;

/** Reads submitted values by field name; a name in camelCase finds what was sent in snake_case. */
export function formSource(data: SubmittedData): FormSource {
  const source = isSource(data) ? data : objectSource(data);
  const nameIn = (name: string) => (source.has(name) ? name : snakeCase(name));
  return {
    has: (name) => source.has(nameIn(name)),
    get: (name) => source.get(nameIn(name)),
    getAll: (name) => source.getAll(nameIn(name)),
    ...(source.given ? { given: (name: string) => source.given!(nameIn(name)) } : {}),
    origin: source.origin ?? data,
  };
}

function isSource(data: SubmittedData): data is FormSource {
  return typeof (data as FormSource).getAll === "function" && typeof (data as FormSource).has === "function";
}

function objectSource(data: Readonly<Record<string, unknown>>): FormSource {
  const has = (name: string) => Object.hasOwn(data, name) && data[name] !== undefined;
  return {
    has,
    get: (name) => (has(name) ? data[name] : undefined),
    given: (name) => (has(name) ? data[name] : undefined),
    getAll: (name) => {
      if (!has(name)) return [];
      const value = data[name];
      return Array.isArray(value) ? value : [value];
    },
  };
}

/** `isIce` → `is_ice` */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const labels = new Map<string, string>();
const mostLabels = 10_000;

/** `isIce` and `is_ice` → `Is ice` */
export function labelFor(name: string): string {
  const kept = labels.get(name);
  if (kept !== undefined) return kept;
  const label = makeLabel(name);
  if (labels.size < mostLabels) labels.set(name, label);
  return label;
}

function makeLabel(name: string): string {
  const words = snakeCase(name).replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
