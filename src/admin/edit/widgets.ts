import { checkboxSelectMultiple, dateInput, dateTimeInput, textarea, textInput, timeInput } from "#forms";
import type { Field } from "#orm";
import { countUpTo } from "../model-counts.ts";

/** More rows than this are not offered in a select: the key is typed, and found in the other list. */
const mostOffered = 500;
/** Up to this many, several are chosen by check boxes. */
const mostBoxes = 60;

/** The widget that suits a field in the admin; undefined where the form's own does. */
export async function widgetFor(field: Field): Promise<unknown> {
  switch (field.kind) {
    case "date":
      return dateInput({ attrs: { type: "date" } });
    case "dateTime":
      return dateTimeInput({ attrs: { type: "datetime-local", step: 1 }, format: "%Y-%m-%dT%H:%M:%S" });
    case "time":
      return timeInput({ attrs: { type: "time", step: 1 } });
    case "text":
      return textarea({ attrs: { rows: 5 } });
    case "json":
      return textarea({ attrs: { rows: 5, class: "mono", spellcheck: "false" } });
    case "manyToMany":
      return (await relatedCount(field)) <= mostBoxes ? checkboxSelectMultiple({ attrs: { class: "choices" } }) : undefined;
    default:
      return (await isTypedKey(field)) ? textInput({ attrs: { inputmode: "numeric", autocomplete: "off" } }) : undefined;
  }
}

/** Whether a relation leads to so many rows that its key is typed. */
export async function isTypedKey(field: Field): Promise<boolean> {
  return field.relation !== undefined && field.kind !== "manyToMany" && (await relatedCount(field)) > mostOffered;
}

function relatedCount(field: Field): Promise<number> {
  return countUpTo(field.relation!.to.objects.all());
}
