/** One choice: the value that is sent, and the text that is shown. */
export type Choice<V = unknown> = readonly [value: V, label: unknown];
/** Choices under a heading. */
export type ChoiceGroup<V = unknown> = readonly [heading: string, choices: readonly Choice<V>[]];
/** Choices in order, some of them grouped. */
export type ChoiceList<V = unknown> = readonly (Choice<V> | ChoiceGroup<V>)[];

/** Choices as an object; an object inside is a group: `{ Korea: { seoul: "Seoul" } }`. */
export type ChoiceObject = Readonly<Record<string, string | readonly Choice[] | Readonly<Record<string, string>>>>;

/**
 * What a field takes as its choices: a list of pairs, an object, or a function that gives one of them
 * each time a form asks (a promise of it, when rows are needed).
 */
export type ChoiceSource<V = unknown> = ChoiceList<V> | ChoiceObject | (() => ChoiceSource<V> | Promise<ChoiceSource<V>>);

/** The choices as a list; a promise only when the source is one. */
export function choiceList(source: ChoiceSource): ChoiceList | Promise<ChoiceList> {
  if (typeof source === "function") {
    const given = source();
    return given instanceof Promise ? given.then(choiceList) : choiceList(given);
  }
  if (Array.isArray(source)) return source as ChoiceList;
  return Object.entries(source as ChoiceObject).map(([value, label]): Choice | ChoiceGroup =>
    typeof label === "object" && !Array.isArray(label) ? [value, Object.entries(label)] : [value, label],
  );
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
  return value === null || value === undefined ? "" : String(value);
}
