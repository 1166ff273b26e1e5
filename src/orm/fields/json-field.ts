import { gettext } from "#kernel/i18n";
import type { Dialect } from "../names.ts";
import type { JsonWhere } from "../query/typing.ts";
import { type Converter, Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { Presence } from "./field-typing.ts";

/** What `json()` takes. */
export interface JsonOptions extends FieldOptions {
  /**
   * Replaces values as they are written, as the second parameter of `JSON.stringify` does.
   * `JSON.rawJSON("9007199254740993")` writes a number that is too large for JavaScript's own.
   */
  encoder?: (key: string, value: any) => unknown;
  /** Replaces values as they are read, as the second parameter of `JSON.parse` does; `context.source` is the text of a number. */
  decoder?: (key: string, value: any, context: { readonly source?: string }) => unknown;
}

/** A JSON value; `json()` makes it. */
/** A value as JSON. Functions and symbols have none, and would be bound as what no driver takes. */
function jsonText(value: unknown, encoder: JsonOptions["encoder"]): string {
  const text: string | undefined = JSON.stringify(value, encoder);
  if (text === undefined) throw new TypeError("JSON has no such value.");
  return text;
}

export class JsonField<V, P extends Presence> extends Field<V, P> {
  declare readonly $where: JsonWhere<V>;
  readonly kind = "json";
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "jsonb" : "json_text";
  }
  override get isOpen(): boolean {
    return true;
  }
  override get takes(): string {
    return "a value that JSON can write";
  }
  override writer(): Converter {
    const { encoder } = this.options as JsonOptions;
    return (value) => jsonText(value, encoder);
  }
  override reader(): Converter {
    const { decoder } = this.options as JsonOptions;
    return decoder === undefined ? JSON.parse : (text) => JSON.parse(text, decoder as never) as unknown;
  }
  override parse(value: unknown): unknown {
    if (!this.canWrite(value)) throw this.invalid("invalid", {}, gettext("Value must be valid JSON."));
    return value;
  }
  private canWrite(value: unknown): boolean {
    try {
      return JSON.stringify(value, this.options.encoder) !== undefined;
    } catch {
      return false;
    }
  }
}

/**
 * Any JSON value; its type is given: `settings: json<Settings>({ default: () => ({}) })`.
 * An encoder and a decoder let it hold what JSON lacks.
 */
export function json<T = any>(options: JsonOptions & { null: true }): JsonField<T | null, "optional">;
export function json<T = any>(
  options: JsonOptions & ({ default: unknown } | { dbDefault: unknown } | { blank: true }),
): JsonField<T, "optional">;
export function json<T = any>(options?: JsonOptions): JsonField<T, "required">;
export function json<T>(options?: JsonOptions): JsonField<T, any> {
  return new JsonField(options);
}
