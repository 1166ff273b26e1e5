import { gettext } from "#kernel/i18n";
import { type Converter, Field } from "../../fields/field.ts";
import type { FieldOptions } from "../../fields/field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "../../fields/field-typing.ts";
import type { Expression } from "../../expressions/expression.ts";
import type { Lookup, Transform } from "../../lookups/lookup.ts";
import type { Dialect } from "../../names.ts";
import type { Right, ValueQuery } from "../../query/typing.ts";
import { postgresType } from "../require-postgres.ts";
import { hstoreLookups, hstoreTransform } from "./hstore-lookups.ts";
import { hstoreText, parseHstore, type StringMap } from "./hstore-text.ts";

/** Comparisons of a map: lookups, and what its keys hold. */
export type HstoreWhere<V> =
  | Expression<any>
  | ValueQuery
  | (V extends null ? null : never)
  | ({
      readonly eq?: StringMap | null;
      readonly in?: Iterable<StringMap> | ValueQuery;
      readonly contains?: Right<StringMap>;
      readonly containedBy?: Right<StringMap>;
      readonly hasKey?: string;
      readonly hasKeys?: readonly string[];
      readonly hasAnyKeys?: readonly string[];
      readonly isNull?: boolean;
    } & { readonly [key: string]: unknown });

/** Keys with texts. */
export class HstoreField<V = any, P extends Presence = any> extends Field<V, P> {
  declare readonly $where: HstoreWhere<V>;
  readonly kind = "hstore";
  override get isOpen(): boolean {
    return true;
  }
  override get takes(): string {
    return "an object whose values are texts or null";
  }
  override get formKind(): string {
    return "json";
  }
  override columnType(dialect: Dialect): string {
    return postgresType(dialect, this, "hstore");
  }
  override comparedAs(): string {
    return "hstore";
  }
  override getDefault(): unknown {
    const value = super.getDefault();
    return typeof value === "object" && value !== null ? { ...value } : value;
  }
  override writer(): Converter {
    return (value) => hstoreText(checked(value));
  }
  override reader(): Converter {
    return parseHstore;
  }
  override get lookups(): Readonly<Record<string, Lookup>> {
    return hstoreLookups;
  }
  override transform(name: string): Transform {
    return hstoreTransform(name);
  }
  /** Numbers and booleans become texts, as those of a form's JSON may have to. */
  override parse(value: unknown): StringMap {
    const found = typeof value === "string" ? parsedJson(value) : value;
    if (typeof found !== "object" || found === null || Array.isArray(found))
      throw this.invalid("invalid", { value }, gettext("Enter an object of texts."));
    return Object.fromEntries(Object.entries(found).map(([key, one]) => [key, this.textOf(key, one)]));
  }
  private textOf(key: string, value: unknown): string | null {
    if (value === null || typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
    throw this.invalid("not_a_string", { key }, gettext("The value of “%(key)s” is not a string or null."));
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checked(value: unknown): StringMap {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("not an object");
  for (const [key, one] of Object.entries(value)) {
    if (one !== null && typeof one !== "string") throw new TypeError(`what "${key}" holds is no text`);
    if (key.includes("\0") || one?.includes("\0")) throw new RangeError("PostgreSQL keeps no NUL character in a text");
  }
  return value as StringMap;
}

/**
 * Keys with texts (PostgreSQL's extension `hstore`; `hstoreExtension()` in a migration installs it).
 *
 * ```ts
 * labels: hstore({ default: () => ({}) })
 * ```
 */
export function hstore<const O extends FieldOptions = {}>(options?: O): HstoreField<FieldValue<StringMap, O>, PresenceOf<O>> {
  return new HstoreField(options);
}
