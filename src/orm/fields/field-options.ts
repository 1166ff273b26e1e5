import type { Validator } from "#validation";

/** What a field offers to choose from: `{ KR: "Korea" }`, pairs, or plain values. */
export type Choices =
  | Readonly<Record<string | number, string>>
  | readonly (readonly [string | number | boolean, string])[]
  | readonly (string | number)[];

/** The options that every field takes. */
export interface FieldOptions {
  /** Whether the column may be NULL; the type gains `| null`. */
  null?: boolean;
  /** Whether a form may leave it empty. */
  blank?: boolean;
  /** The value of a new instance: a value, or a function that gives one. */
  default?: unknown;
  choices?: Choices;
  unique?: boolean;
  dbIndex?: boolean;
  dbColumn?: string;
  primaryKey?: boolean;
  /** Whether forms show it. */
  editable?: boolean;
  validators?: readonly Validator[];
  helpText?: string;
  verboseName?: string;
  /** Messages of your own, by code: `{ null: "…", invalid: "…" }`. */
  errorMessages?: Readonly<Record<string, string>>;
}

export interface TextOptions extends FieldOptions {
  maxLength?: number;
}

export interface DecimalFieldOptions extends FieldOptions {
  /** All digits, before and after the point. */
  maxDigits: number;
  /** Digits after the point. */
  decimalPlaces: number;
}

export interface TimeOptions extends FieldOptions {
  /** Set to the present whenever the row is saved. */
  autoNow?: boolean;
  /** Set to the present when the row is first saved. */
  autoNowAdd?: boolean;
}

/** Pairs of value and label, whatever shape the choices were declared in. */
export function normaliseChoices(choices: Choices | undefined, numeric: boolean): [unknown, string][] | undefined {
  if (choices === undefined) return undefined;
  if (!Array.isArray(choices)) return Object.entries(choices).map(([value, label]) => [numeric ? Number(value) : value, label]);
  return choices.map((choice) => (Array.isArray(choice) ? [choice[0], String(choice[1])] : [choice, String(choice)]));
}
