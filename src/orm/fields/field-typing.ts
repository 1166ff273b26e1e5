import type { ChoiceOf } from "./choices.ts";

/** The value of a field with these options: its choices, and `| null` where it may be NULL. */
export type FieldValue<Base, O> = O extends { null: true } ? ChosenValue<Base, O> | null : ChosenValue<Base, O>;

type ChosenValue<Base, O> = O extends { choices: infer C }
  ? ChoiceOf<C> | (Base extends string ? (O extends { blank: true } ? "" : never) : never)
  : Base;

/** Whether `create()` may leave a field out, and whether it is the primary key. */
export type Presence = "required" | "optional" | "key" | "optionalKey";

/** The presence of a field with these options. */
export type PresenceOf<O> = O extends { primaryKey: true }
  ? O extends { default: unknown } | { dbDefault: unknown }
    ? "optionalKey"
    : "key"
  : O extends
        | { null: true }
        | { blank: true }
        | { default: unknown }
        | { dbDefault: unknown }
        | { autoNow: true }
        | { autoNowAdd: true }
        | { parentLink: true }
    ? "optional"
    : "required";
