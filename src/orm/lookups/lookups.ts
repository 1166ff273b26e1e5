import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";
import type { Compiled } from "../query/scope.ts";
import { comparisons } from "./comparisons.ts";
import { jsonLookups } from "./json-lookups.ts";
import { bound, type Lookup, type Transform } from "./lookup.ts";
import { patterns } from "./patterns.ts";
import { transforms } from "./transforms.ts";

const builtIn: Readonly<Record<string, Lookup>> = { ...comparisons, ...patterns };
const ownLookups = new Map<string, Lookup & { readonly kinds: ReadonlySet<string> | undefined }>();
const ownTransforms = new Map<string, Transform>();

/** The names of all lookups and transforms, registered ones too. `lookupNames.includes("iexact")` */
export const lookupNames: string[] = [
  ...new Set([...Object.keys(builtIn), ...Object.keys(jsonLookups), ...Object.keys(transforms)]),
];

/** A lookup that a field has, by its name; names such as `constructor` are none. */
export function findLookup(name: string, field: Field | undefined): Lookup | undefined {
  const table = field?.kind === "json" ? jsonLookups : (field?.lookups ?? builtIn);
  if (Object.hasOwn(table, name)) return table[name];
  const own = ownLookups.get(name);
  return own !== undefined && fits(own.kinds, field) ? own : undefined;
}

/** A transform that a field has, by its name. */
export function findTransform(name: string, field: Field | undefined): Transform | undefined {
  if (field?.lookups !== undefined) {
    const own = field.transform(name) ?? ownTransforms.get(name);
    return own?.kinds === undefined || own.kinds.has(field.kind) ? own : undefined;
  }
  const transform = Object.hasOwn(transforms, name) ? transforms[name] : ownTransforms.get(name);
  return transform !== undefined && fits(transform.kinds, field) ? transform : undefined;
}

/** JSON has keys where other fields have transforms: only those registered for it. */
function fits(kinds: ReadonlySet<string> | undefined, field: Field | undefined): boolean {
  if (field === undefined || kinds?.has(field.kind)) return true;
  return field.kind !== "json" && (kinds === undefined || !ownKinds.has(field.kind));
}

/** The kinds of field that are Cortado's: a field of your own has every transform, and the database says which it cannot. */
const ownKinds = new Set(
  (
    "auto bigAuto smallAuto integer smallInteger bigInteger positiveInteger positiveSmallInteger positiveBigInteger float " +
    "decimal boolean binary duration date dateTime time char text slug email url uuid file image filePath genericIPAddress " +
    "foreignKey oneToOne compositePrimaryKey"
  ).split(" "),
);

/** The names that a field can be compared with, for messages. */
export function lookupsOf(field: Field | undefined): string[] {
  return lookupNames.filter((name) => findLookup(name, field) ?? findTransform(name, field));
}

declare const custom: unique symbol;

/** Lookups of your own, for types: `declare module "cortado/orm" { interface CustomLookups<V> { near?: V } }`. */
export interface CustomLookups<V> {
  /** Without a member TypeScript would take any value for an object of lookups. */
  readonly [custom]?: V;
}

/** What a lookup of your own is written from. */
export interface LookupSql {
  readonly left: string;
  readonly right: string;
  readonly dialect: Dialect;
}

/** What a lookup of your own is. */
export interface LookupOptions {
  /** The kinds of field that have it, `["integer"]`; without them all but JSON. */
  readonly kinds?: readonly string[];
  readonly sql: (parts: LookupSql) => string;
}

/**
 * A lookup of your own.
 *
 * ```ts
 * registerLookup("near", { kinds: ["integer"], sql: ({ left, right }) => `ABS(${left} - ${right}) < 10` });
 * await Coffee.objects.filter((c) => c.price.lookup("near", 3000));
 * ```
 * @throws ORM_BAD_QUERY where the name is taken
 */
export function registerLookup(name: string, { kinds, sql }: LookupOptions): void {
  takeName(name, "lookup");
  const write: Lookup["write"] = (context) => `(${sql({ left: context.sql, right: bound(context), dialect: context.dialect })})`;
  ownLookups.set(name, { takes: "value", write, kinds: kinds && new Set(kinds) });
}

/** Lookups that a door beside the ORM's brings along, each for its kinds of field. @internal */
export function addLookups(kinds: readonly string[], lookups: Readonly<Record<string, Lookup>>): void {
  for (const [name, lookup] of Object.entries(lookups)) {
    if (!lookupNames.includes(name)) lookupNames.push(name);
    ownLookups.set(name, { ...lookup, kinds: new Set(kinds) });
  }
}

/** The same for transforms. @internal */
export function addTransforms(kinds: readonly string[], added: Readonly<Record<string, Transform["apply"]>>): void {
  for (const [name, apply] of Object.entries(added)) {
    if (!lookupNames.includes(name)) lookupNames.push(name);
    ownTransforms.set(name, { kinds: new Set(kinds), apply });
  }
}

/** What a transform of your own is. */
export interface TransformOptions {
  /** The kinds of field that have it; without them all but JSON. */
  readonly kinds?: readonly string[];
  /** The field whose values it gives; without one the same as before. */
  readonly output?: Field;
  /** Whether the right side is changed in the same way. */
  readonly bilateral?: boolean;
  readonly sql: (parts: Omit<LookupSql, "right">) => string;
}

/**
 * A transform of your own, which lookups follow.
 *
 * ```ts
 * registerTransform("abs", { kinds: ["integer"], sql: ({ left }) => `ABS(${left})` });
 * await Coffee.objects.filter((c) => c.price.lookup("abs", 100));
 * ```
 * @throws ORM_BAD_QUERY where the name is taken
 */
export function registerTransform(name: string, { kinds, output, bilateral = false, sql }: TransformOptions): void {
  takeName(name, "transform");
  const apply: Transform["apply"] = (left, { dialect }): Compiled => {
    const change = (side: string) => sql({ left: side, dialect });
    const both = bilateral ? (side: string) => change(left.both === undefined ? side : left.both(side)) : left.both;
    return { sql: change(left.sql), field: output ?? left.field, label: left.label ?? left.field?.label, both };
  };
  ownTransforms.set(name, { kinds: kinds && new Set(kinds), apply });
}

/** A lookup belongs to the program: registered twice, as tests and reloads do, the last one holds. */
function takeName(name: string, what: string): void {
  const isOwn = ownLookups.has(name) || ownTransforms.has(name);
  if (/^[A-Za-z]\w*$/.test(name) && (isOwn || !lookupNames.includes(name))) {
    if (!isOwn) lookupNames.push(name);
    return;
  }
  throw ormErrors.ORM_BAD_QUERY({
    reason: `A ${what} cannot be registered as ${JSON.stringify(name)}.`,
    hint: "A name is letters and digits, and no lookup's of Cortado.",
  });
}
