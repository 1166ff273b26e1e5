/**
 * A value as it arrives when it was sent as JSON: dates, and integers that are exact, as texts; what JSON leaves out is gone.
 *
 * ```ts
 * const sent: Json<{ when: Date; total: bigint }> = { when: "2026-01-31T12:00:00.000Z", total: "9007199254740993" };
 * ```
 */
export type Json<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends bigint | Date
    ? string
    : T extends { toJSON(): infer Written }
      ? Json<Written>
      : T extends (...values: never) => unknown
        ? never
        : T extends readonly unknown[]
          ? Json<T[number]>[]
          : T extends object
            ? { [Name in keyof T as T[Name] extends (...values: never) => unknown ? never : Name]: Json<T[Name]> }
            : T;
