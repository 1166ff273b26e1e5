import type { LazyText } from "#kernel/i18n";
import type { Validator } from "#validation";
import type { Expression } from "../expressions/expression.ts";
import type { DeclaredSql } from "../query/declared-sql.ts";
import type { Choices, Label } from "./choices.ts";

/** Messages by code; a name that exists nowhere is taken too, for validators of one's own. */
export type ErrorMessages = Readonly<Record<string, string | LazyText>>;

/** An expression for the database, as a model declares it or as a migration writes it down. */
export type DatabaseExpression = Expression<any> | { readonly sql: DeclaredSql | string };

/** The options that every field takes. */
export interface FieldOptions {
  /** Whether the column may be NULL; the type gains `| null`. */
  null?: boolean;
  /** Whether a form may leave it empty. */
  blank?: boolean;
  /** The value of a new instance: a value, or a function that gives one. */
  default?: unknown;
  /** The column's own default, which the database fills in: a value, or an expression such as `now()`. */
  dbDefault?: unknown;
  choices?: Choices;
  unique?: boolean;
  /** Unique among the rows that have the same day in the named field. */
  uniqueForDate?: string;
  /** Unique among the rows that have the same month in the named field, of whatever year. */
  uniqueForMonth?: string;
  /** Unique among the rows that have the same year in the named field. */
  uniqueForYear?: string;
  dbIndex?: boolean;
  dbColumn?: string;
  /** A remark that the database keeps with the column (PostgreSQL). */
  dbComment?: string;
  primaryKey?: boolean;
  /** Whether forms show it. */
  editable?: boolean;
  /** Whether a dump of the data has it; true by default. */
  serialize?: boolean;
  validators?: readonly Validator[];
  helpText?: Label;
  verboseName?: Label;
  /** Messages of your own, by code: `{ null: "…", invalid: "…" }`. */
  errorMessages?: ErrorMessages;
}

/** What fields of texts take. */
export interface TextOptions extends FieldOptions {
  maxLength?: number;
  /** The rules by which the database compares and orders: `"NOCASE"` on SQLite, `"de-x-icu"` on PostgreSQL. */
  dbCollation?: string;
}

/** What `slug()` takes. */
export interface SlugOptions extends TextOptions {
  /** Whether letters beyond ASCII are fine. */
  allowUnicode?: boolean;
}

/** What `decimal()` takes. */
export interface DecimalFieldOptions extends FieldOptions {
  /** All digits, before and after the point. Without it and `decimalPlaces` the column keeps any number as it is. */
  maxDigits?: number;
  /** Digits after the point. */
  decimalPlaces?: number;
}

/** What `date()`, `time()` and `dateTime()` take. */
export interface TimeOptions extends FieldOptions {
  /** Set to the present whenever the row is saved. */
  autoNow?: boolean;
  /** Set to the present when the row is first saved. */
  autoNowAdd?: boolean;
}
