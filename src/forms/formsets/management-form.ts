import type { SafeString } from "#templates";
import type { FormSource } from "../form-data.ts";
import { attributes, markup } from "../html.ts";
import { plainText } from "../plain-text.ts";

/** How many forms a page showed and may hold. */
export interface FormCounts {
  readonly total: number;
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

const totalForms = "TOTAL_FORMS";
const initialForms = "INITIAL_FORMS";

/** What came back of the hidden inputs that count the forms. */
export interface SubmittedCounts {
  readonly total: number;
  readonly initial: number;
  /** The inputs that did not come back as numbers. */
  readonly missing: readonly string[];
}

/** Reads the counts; no count is believed beyond `most`. */
export function submittedCounts(data: FormSource, prefix: string, most: number): SubmittedCounts {
  const names = [`${prefix}-${totalForms}`, `${prefix}-${initialForms}`];
  const texts = names.map((name) => plainText(data.get(name) ?? ""));
  const counts = texts.map((text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined));
  const missing = names.filter((_, at) => counts[at] === undefined);
  if (missing.length > 0) return { total: 0, initial: 0, missing };
  return { total: Math.min(counts[0]!, most), initial: Math.min(counts[1]!, most), missing };
}

/** How many forms were said to be sent, whether or not all of them are read. */
export function claimedTotal(data: FormSource, prefix: string): number {
  return Number(plainText(data.get(`${prefix}-${totalForms}`) ?? 0));
}

/** The hidden inputs that count the forms. */
export function managementInputs(prefix: string, counts: FormCounts, autoId: string | boolean = "id_%s"): SafeString {
  const values = {
    [totalForms]: counts.total,
    [initialForms]: counts.initial,
    MIN_NUM_FORMS: counts.min,
    MAX_NUM_FORMS: counts.max,
  };
  const inputs = Object.entries(values).map(([name, value]) => {
    const full = `${prefix}-${name}`;
    return markup`<input${attributes({ type: "hidden", name: full, value, id: idOf(full, autoId) })}>`;
  });
  return markup`${inputs}`;
}

function idOf(name: string, autoId: string | boolean): string | undefined {
  if (typeof autoId === "string") return autoId.includes("%s") ? autoId.replace("%s", name) : name;
  return autoId ? name : undefined;
}
