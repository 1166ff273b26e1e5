import { gettext } from "#kernel/i18n";
import { Field } from "../../fields/field.ts";
import type { FieldOptions } from "../../fields/field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "../../fields/field-typing.ts";
import { comparisons } from "../../lookups/comparisons.ts";
import type { Lookup } from "../../lookups/lookup.ts";
import type { Dialect } from "../../names.ts";
import { postgresType } from "../require-postgres.ts";
import { matchLookup } from "./search-lookup.ts";

export interface TsvectorOptions extends FieldOptions {
  /** The configuration with which texts that it is searched for are read: `"english"`; else the database's own. */
  config?: string;
}

/** A document that is made ready to be searched. */
export class TsvectorField<V = string, P extends Presence = any> extends Field<V, P> {
  readonly kind = "tsvector";
  // oxlint-disable-next-line no-useless-constructor -- it says which options there are
  constructor(options: TsvectorOptions = {}) {
    super(options);
  }
  override get editable(): boolean {
    return this.options.editable ?? false;
  }
  override get takes(): string {
    return "what PostgreSQL makes of a text: searchVector(…)";
  }
  override columnType(dialect: Dialect): string {
    return postgresType(dialect, this, "tsvector");
  }
  override comparedAs(): string {
    return "tsvector";
  }
  override get lookups(): Readonly<Record<string, Lookup>> {
    return { eq: matchLookup, search: matchLookup, isNull: comparisons["isNull"]! };
  }
  override parse(value: unknown): string {
    if (typeof value !== "string") throw this.invalid("invalid", {}, gettext("Enter a text."));
    return value;
  }
}

/**
 * A document, ready to be searched (PostgreSQL). Best computed by the database, with an index:
 *
 * ```ts
 * class Article extends Model(
 *   {
 *     title: char({ maxLength: 80 }),
 *     search: generated({ expression: (a) => searchVector(a.title, { config: "english" }), output: tsvector({ config: "english" }) }),
 *   },
 *   { indexes: [index(["search"], { using: "gin" })] },
 * ) {
 *   static objects = manager(this);
 * }
 * ```
 */
export function tsvector<const O extends TsvectorOptions = {}>(options?: O): TsvectorField<FieldValue<string, O>, PresenceOf<O>> {
  return new TsvectorField(options);
}
