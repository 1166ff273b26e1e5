import { plainText } from "./plain-text.ts";

/** One choice: the value that is sent, and the text that is shown. */
export type Choice<V = unknown> = readonly [value: V, label: unknown];
/** Choices under a heading. */
export type ChoiceGroup<V = unknown> = readonly [heading: string, choices: readonly Choice<V>[]];
/** Choices in order, some of them grouped. */
export type ChoiceList<V = unknown> = readonly (Choice<V> | ChoiceGroup<V>)[];

/** Choices as an object; an object inside is a group: `{ Korea: { seoul: "Seoul" } }`. */
export type ChoiceObject = Readonly<Record<string, string | readonly Choice[] | Readonly<Record<string, string>>>>;

/**
 * What a field takes as its choices: a list of pairs, an object, a map (which keeps numbers in order), or a function that gives one of them
 * each time a form asks (a promise of it, when rows are needed).
 */
export type ChoiceSource<V = unknown> =
  | ChoiceList<V>
  | ChoiceObject
  | ReadonlyMap<V, unknown>
  | (() => ChoiceSource<V> | Promise<ChoiceSource<V>>);

/** The choices as a list; a promise only when the source is one. */
export function choiceList(source: ChoiceSource): ChoiceList | Promise<ChoiceList> {
  if (typeof source === "function") {
    const given = source();
    return given instanceof Promise ? given.then(choiceList) : choiceList(given);
  }
  if (Array.isArray(source)) return (source as (Choice | ChoiceGroup)[]).map(withListedGroup);
  if (source instanceof Map) return [...(source as Map<unknown, unknown>)].map((entry) => withListedGroup(entry as never));
  return Object.entries(source as ChoiceObject).map(([value, label]): Choice | ChoiceGroup =>
    typeof label === "object" && !Array.isArray(label) ? [value, Object.entries(label)] : [value, label],
  );
}

/** A group's choices may be an object or a map, too. */
function withListedGroup(entry: Choice | ChoiceGroup): Choice | ChoiceGroup {
  const [value, label] = entry as Choice;
  if (label instanceof Map) return [value as string, [...(label as Map<unknown, unknown>)]];
  if (typeof label !== "object" || label === null || Object.getPrototypeOf(label) !== Object.prototype) return entry;
  return [value as string, Object.entries(label)];
}

/** Whether a list's entry is a group. */
export function isGroup(entry: Choice | ChoiceGroup): entry is ChoiceGroup {
  return Array.isArray(entry[1]);
}

/** Every choice, groups opened. */
export function flatChoices(list: ChoiceList): Choice[] {
  return list.flatMap((entry) => (isGroup(entry) ? [...entry[1]] : [entry]));
}

/** A value as HTML carries it. */
export function choiceKey(value: unknown): string {
  return value === null || value === undefined ? "" : plainText(value);
}
