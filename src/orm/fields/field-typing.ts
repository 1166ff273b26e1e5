import type { ChoiceOf } from "./choices.ts";

/** The value of a field with these options: its choices, and `| null` where it may be NULL. */
export type FieldValue<Base, O> = O extends { choices: infer C }
  ? ChosenValue<Base, C, O> | NullOf<O>
  : O extends { null: true }
    ? Base | null
    : Base;
type NullOf<O> = O extends { null: true } ? null : never;
type ChosenValue<Base, C, O> = O extends { blank: true } ? ChoiceOf<C> | (Base extends string ? "" : never) : ChoiceOf<C>;

/** Whether `create()` may leave a field out, and whether it is the primary key. */
export type Presence = "required" | "optional" | "key" | "optionalKey";

/** The presence of a field with these options. */
export type PresenceOf<O> = O extends { primaryKey: true }
  ? O extends OptionalOptions
    ? "optionalKey"
    : "key"
  : O extends OptionalOptions
    ? "optional"
    : "required";
/** A named union is compared with once; spelled out in the condition, the compiler would copy it for every field. */
type OptionalOptions =
  | { null: true }
  | { blank: true }
  | { default: unknown }
  | { dbDefault: unknown }
  | { autoNow: true }
  | { autoNowAdd: true }
  | { parentLink: true };
