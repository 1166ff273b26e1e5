import { ormErrors } from "../errors.ts";
import { type Choice, isSameChoice, type Label } from "./choices.ts";

/** A member of an enumeration: its value and label, or its value alone, labelled by its name. */
type MemberOf<V> = V | readonly [value: V, label: Label];
type Members<V> = Readonly<Record<string, MemberOf<V>>>;
type ValueOf<M> = M extends readonly [infer V, Label] ? V : M;

/** What every enumeration knows of its members, in the order of their declaration. */
export interface Enumeration<V, Name extends string = string> {
  /** Type only: the values. */
  readonly $choice: V;
  readonly values: readonly V[];
  readonly labels: readonly string[];
  readonly names: readonly Name[];
  /** Pairs of value and label, with the empty label first where there is one. */
  readonly choices: readonly Choice<V | null>[];
  /** The label of a value; undefined for what is no member. */
  labelOf(value: unknown): string | undefined;
  /** Whether a value is a member's. */
  has(value: unknown): value is V;
}

/** What an enumeration may have beside its members. */
export interface EnumerationOptions {
  /** The label of "nothing chosen": `"(unknown)"`. */
  empty?: Label;
}

const ownNames = ["values", "labels", "names", "choices", "labelOf", "has", "constructor", "__proto__"];

function enumerate<V>(members: Members<V>, { empty }: EnumerationOptions): Enumeration<V> {
  const names = Object.keys(members);
  refuseOwnNames(names);
  const pairs = names.map((name) => pairOf(name, members[name]!));
  const values = pairs.map(([value]) => value);
  // Labels are read when they are asked for: a text that is translated is another in each language.
  const own = {
    values,
    get labels() {
      return pairs.map(([, label]) => String(label));
    },
    names,
    get choices() {
      const all: [V | null, Label][] = empty === undefined ? pairs : [[null, empty], ...pairs];
      return all.map(([value, label]) => [value, String(label)] as const);
    },
    labelOf(value: unknown) {
      const label = value === null ? empty : pairs.find(([one]) => isSameChoice(one, value))?.[1];
      return label === undefined ? undefined : String(label);
    },
    has: (value: unknown) => values.some((one) => isSameChoice(one, value)),
  };
  const named = Object.fromEntries(names.map((name, at) => [name, values[at]]));
  return Object.freeze(Object.defineProperties(named, Object.getOwnPropertyDescriptors(own))) as never;
}

function refuseOwnNames(names: readonly string[]): void {
  const taken = names.find((name) => ownNames.includes(name));
  if (taken === undefined) return;
  throw ormErrors.ORM_BAD_FIELD_OPTION({
    field: taken,
    reason: "it is a member of an enumeration and has the name of something that every enumeration has",
    hint: "Write members in capitals, as in KOREA.",
  });
}

function pairOf<V>(name: string, member: MemberOf<V>): [V, Label] {
  return Array.isArray(member) ? [member[0] as V, member[1] as Label] : [member as V, spokenName(name)];
}

/** `SOUTH_KOREA` → `South Korea` */
function spokenName(name: string): string {
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join(" ");
}

/** An enumeration with a property for each member. */
export type EnumerationOf<M> = { readonly [K in keyof M]: ValueOf<M[K]> } & Enumeration<
  ValueOf<M[keyof M]>,
  Extract<keyof M, string>
>;

/**
 * Names for the texts that a field may hold, with their labels.
 *
 * ```ts
 * export const Country = textChoices({ KOREA: ["KR", "Korea"], ETHIOPIA: "ET" });
 *
 * country: char({ maxLength: 2, choices: Country, default: Country.KOREA }) // its type is "KR" | "ET"
 * Country.labels; // ["Korea", "Ethiopia"]
 * ```
 */
export function textChoices<const M extends Members<string>>(members: M, options: EnumerationOptions = {}): EnumerationOf<M> {
  return enumerate(members, options) as unknown as EnumerationOf<M>;
}

/** Names for the whole numbers that a field may hold: `integerChoices({ LOW: 1, HIGH: [2, "Very high"] })`. */
export function integerChoices<const M extends Members<number>>(members: M, options: EnumerationOptions = {}): EnumerationOf<M> {
  return enumerate(members, options) as unknown as EnumerationOf<M>;
}

/**
 * Names for values of any other type: days, decimals, bigints.
 *
 * ```ts
 * const Landing = valueChoices({ APOLLO_11: [Temporal.PlainDate.from("1969-07-20"), "Apollo 11"] });
 * ```
 */
export function valueChoices<const M extends Members<bigint | boolean | object>>(
  members: M,
  options: EnumerationOptions = {},
): EnumerationOf<M> {
  return enumerate(members as Members<unknown>, options) as unknown as EnumerationOf<M>;
}
