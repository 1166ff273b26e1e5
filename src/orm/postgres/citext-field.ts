import { TextField } from "../fields/text-fields.ts";
import type { TextOptions } from "../fields/field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "../fields/field-typing.ts";
import type { Dialect } from "../names.ts";
import { postgresType } from "./require-postgres.ts";

/** A text that is compared without regard to case. */
export class CitextField<V = string, P extends Presence = any> extends TextField<V, P> {
  constructor(options: TextOptions = {}) {
    super("citext", options);
  }
  override get formKind(): string {
    return this.maxLength === undefined ? "text" : "char";
  }
  override columnType(dialect: Dialect): string {
    return postgresType(dialect, this, "citext");
  }
  override comparedAs(): string {
    return "citext";
  }
  /** Patterns disregard case as well. */
  override textSql(sql: string): string {
    return sql;
  }
}

/**
 * A text that keeps its case and is compared, found and unique without regard to it (PostgreSQL's extension
 * `citext`; `citextExtension()` in a migration installs it).
 *
 * ```ts
 * email: citext({ unique: true, maxLength: 254 })
 * ```
 */
export function citext<const O extends TextOptions = {}>(options?: O): CitextField<FieldValue<string, O>, PresenceOf<O>> {
  return new CitextField(options);
}
