import { gettext, gettextNoop } from "#kernel/i18n";
import { isValidDay, startOf } from "./days.ts";
import type { Field } from "#orm";
import type { ModelAdmin } from "../model-admin.ts";
import { capitalise } from "../words.ts";
import { type FieldPath, findPath, nest } from "./field-path.ts";

export interface FilterChoice {
  readonly value: string;
  readonly label: string;
}

/** One way to narrow a list: its name in the address, what it offers, and what a choice means to the database. */
export interface ListFilter {
  readonly name: string;
  readonly label: string;
  choices(): readonly FilterChoice[] | Promise<readonly FilterChoice[]>;
  /** The condition for a value of the address; undefined where the value means nothing. */
  condition(value: string): Record<string, unknown> | undefined;
  /** How a chosen value is called; the choices are asked where nothing is said here. */
  describe?(value: string): string | undefined | Promise<string | undefined>;
}

const emptyValue = "empty";
const mostRelated = 50;

/** The filters that an admin's options name; what cannot be filtered by is reported by a check. */
export function filtersOf({ model, options }: ModelAdmin): ListFilter[] {
  return (options.listFilter ?? []).flatMap((text) => {
    const path = findPath(model, text);
    const filter = path && filterFor(path);
    return filter ? [filter] : [];
  });
}

/** The filter that suits a field: undefined where there is none. */
export function filterFor(path: FieldPath): ListFilter | undefined {
  const { field } = path;
  if (field.relation !== undefined) return relatedFilter(path);
  if (field.choices !== undefined)
    return choiceFilter(
      path,
      field.flatChoices!.map(([value, label]) => ({ value: String(value), label })),
    );
  if (field.kind === "boolean") {
    return choiceFilter(path, [
      { value: "true", label: gettext("Yes") },
      { value: "false", label: gettext("No") },
    ]);
  }
  return field.kind === "date" || field.kind === "dateTime" ? dateFilter(path) : undefined;
}

/** A filter that takes one of few values, and "empty" where the column may be. */
function choiceFilter(path: FieldPath, offered: readonly FilterChoice[]): ListFilter {
  const choices = [...offered, ...emptyChoice(path.field)];
  return {
    ...named(path),
    choices: () => choices,
    condition(value) {
      if (!choices.some((choice) => choice.value === value)) return undefined;
      return nest(path, value === emptyValue ? { isNull: true } : parsed(path.field, value));
    },
  };
}

function relatedFilter(path: FieldPath): ListFilter {
  const { to } = path.field.relation!;
  const key = to.meta.primaryKey;
  return {
    ...named(path),
    async choices() {
      const rows: any[] = await to.objects.all().slice(0, mostRelated);
      return [...rows.map((row) => ({ value: String(row.pk), label: String(row) })), ...emptyChoice(path.field)];
    },
    condition(value) {
      if (value === emptyValue) return nest(path, { isNull: true });
      const parsedKey = parsed(key, value);
      return parsedKey === undefined ? undefined : nest(path, { [key.name]: parsedKey });
    },
    async describe(value) {
      if (value === emptyValue) return gettext("Empty");
      const parsedKey = parsed(key, value);
      const row = parsedKey === undefined ? null : await to.objects.filter({ pk: parsedKey }).first();
      return row === null ? undefined : String(row);
    },
  };
}

const spans = [
  { value: "today", label: gettextNoop("Today") },
  { value: "week", label: gettextNoop("Past 7 days") },
  { value: "month", label: gettextNoop("This month") },
  { value: "year", label: gettextNoop("This year") },
] as const;

/** A span up to now, or one day: `?created=week`, `?created=2026-03-04`. */
function dateFilter(path: FieldPath): ListFilter {
  const choices = [...spans.map(({ value, label }) => ({ value, label: gettext(label) })), ...emptyChoice(path.field)];
  return {
    ...named(path),
    choices: () => choices,
    condition(value) {
      if (value === emptyValue) return nest(path, { isNull: true });
      const span = spans.find((choice) => choice.value === value);
      if (span !== undefined) return nest(path, { gte: asFieldValue(path.field, startOf(span.value)) });
      if (!isValidDay(value)) return undefined;
      const from = new Date(`${value}T00:00:00Z`);
      const until = new Date(from.getTime() + 86_400_000);
      return nest(path, { gte: asFieldValue(path.field, from), lt: asFieldValue(path.field, until) });
    },
    describe: (value) => choices.find((choice) => choice.value === value)?.label ?? (isValidDay(value) ? value : undefined),
  };
}

function named(path: FieldPath): { name: string; label: string } {
  return { name: path.text, label: capitalise([...path.through, path.field.verboseName].join(" · ")) };
}

function emptyChoice(field: Field): FilterChoice[] {
  return field.null ? [{ value: emptyValue, label: gettext("Empty") }] : [];
}

/** A text of the address as the field's value; undefined where it is none. */
function parsed(field: Field, text: string): unknown {
  if (text.includes("\0")) return undefined;
  try {
    return field.kind === "boolean" ? text === "true" : field.parse(text);
  } catch {
    return undefined;
  }
}

function asFieldValue(field: Field, time: Date): unknown {
  return field.kind === "date" ? field.parse(time.toISOString().slice(0, 10)) : time;
}
