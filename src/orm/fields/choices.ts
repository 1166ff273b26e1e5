import { LazyText } from "#kernel/i18n";
import { isDecimal } from "#validation";

/** A value and the label that people see for it. */
export type Choice<V = unknown> = readonly [value: V, label: string];
/** Choices under a heading. */
export type ChoiceGroup<V = unknown> = readonly [heading: string, choices: readonly Choice<V>[]];

/** A label as it is written down: a text, or one that is translated when it is shown. */
export type Label = string | LazyText;

type Key = string | number;
type ChoicePair = readonly [string | number | boolean | bigint | object | null, Label | readonly ChoicePair[]];

/** Choices as they may be written down: `{ KR: "Korea" }`, pairs, plain values; some of them in groups. */
type ChoiceList =
  | Readonly<Record<Key, Label | Readonly<Record<Key, Label>>>>
  | readonly ChoicePair[]
  | readonly (string | number | bigint)[];

/** Something that has choices: what `textChoices()` and its relatives give. */
export interface ChoiceSource {
  readonly choices: readonly (readonly [value: any, label: Label])[];
}

/**
 * What a field offers to choose from: `{ KR: "Korea" }`, `[["KR", "Korea"]]`, plain values, groups of them
 * (`{ Asia: { KR: "Korea" } }`), an enumeration, or a function that gives one of these whenever it is asked.
 * A pair with `null` or `""` as its value labels the empty choice.
 */
export type Choices = ChoiceList | ChoiceSource | (() => ChoiceList | ChoiceSource);

/** The values that choices offer, for the type of the field. */
export type ChoiceOf<C> = C extends () => infer Given ? ListedChoice<Given> : ListedChoice<C>;
type ListedChoice<C> = C extends { readonly $choice: infer V }
  ? V
  : C extends readonly (infer Item)[]
    ? ItemChoice<Item>
    : { [K in keyof C]: C[K] extends Label ? K : keyof C[K] }[keyof C];
type ItemChoice<Item> = Item extends readonly [infer V, infer L]
  ? L extends readonly (readonly [infer W, ...unknown[]])[]
    ? NonNullable<W>
    : NonNullable<V>
  : Item;

/** Turns the key of an object into the value that it stands for: an object's keys are texts. */
type ReadKey = (key: string) => unknown;

/** Choices whatever shape they were declared in: pairs, and groups of pairs. */
export function choiceList(declared: Choices | undefined, read: ReadKey): (Choice | ChoiceGroup)[] | undefined {
  if (declared === undefined) return undefined;
  const given = typeof declared === "function" && !("choices" in declared) ? declared() : declared;
  if (isChoiceSource(given)) return given.choices.map(([value, label]) => [value, String(label)]);
  return Array.isArray(given) ? given.map(listedChoice) : entriesOf(given as Record<string, unknown>, read);
}

function isChoiceSource(given: unknown): given is ChoiceSource {
  return (
    (typeof given === "object" || typeof given === "function") && given !== null && Array.isArray((given as ChoiceSource).choices)
  );
}

function listedChoice(item: unknown): Choice | ChoiceGroup {
  if (!Array.isArray(item)) return [item, String(item)];
  const [value, label] = item as [unknown, unknown];
  return Array.isArray(label) ? [String(value), label.map(listedChoice) as Choice[]] : [value, String(label)];
}

function entriesOf(given: Record<string, unknown>, read: ReadKey): (Choice | ChoiceGroup)[] {
  return Object.entries(given).map(([value, label]) =>
    typeof label === "object" && !(label instanceof LazyText)
      ? [value, entriesOf(label as Record<string, unknown>, read) as Choice[]]
      : [read(value), String(label)],
  );
}

/** Whether an entry is a group. */
function isChoiceGroup(entry: Choice | ChoiceGroup): entry is ChoiceGroup {
  return Array.isArray(entry[1]);
}

/** The choices without their groups. */
export function flatChoices(list: readonly (Choice | ChoiceGroup)[]): Choice[] {
  return list.flatMap((entry) => (isChoiceGroup(entry) ? entry[1] : [entry]));
}

/** Whether a value is the one that a choice offers: days, decimals and moments are compared by what they say. */
export function isSameChoice(choice: unknown, value: unknown): boolean {
  if (choice === value) return true;
  if (typeof choice !== "object" || typeof value !== "object" || choice === null || value === null) return false;
  if (isDecimal(choice) && isDecimal(value)) return choice.eq(value);
  if (choice instanceof Date) return value instanceof Date && choice.getTime() === value.getTime();
  return choice.constructor === value.constructor && String(choice) === String(value);
}
