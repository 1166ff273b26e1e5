import { currentLanguage } from "../current-locale.ts";
import { LanguageCache } from "../languages/language-cache.ts";
import { intlDates } from "./intl-dates.ts";

/** How the name of a month is written: alone, short, short as newspapers do (`Sept.`), or beside a day (`8 ноября`). */
export type MonthForm = "full" | "abbreviated" | "newspaper" | "besideDay";

const englishNewspaper = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."];
const made = new LanguageCache<readonly string[]>();

function monthNames(language: string, form: MonthForm): string[] {
  const isEnglish = language === "en" || language.startsWith("en-");
  if (form === "newspaper" && isEnglish) return englishNewspaper;
  const month = form === "full" || form === "besideDay" ? "long" : "short";
  // British English writes "Sept", which is not three letters.
  const code = isEnglish ? "en" : language;
  const alone = namesIn(intlDates(code, { month }));
  if (form === "full" || form === "abbreviated") return alone;
  // Beside a day, some languages write the month's number and no name.
  return namesIn(intlDates(code, { month, day: "numeric" })).map((name, index) => (/^\d/.test(name) ? alone[index]! : name));
}

function namesIn(format: Intl.DateTimeFormat): string[] {
  return Array.from({ length: 12 }, (_, month) => {
    const parts = format.formatToParts(Date.UTC(2023, month, 1));
    const at = parts.findIndex(({ type }) => type === "month");
    const [name, next] = [parts[at]!.value, parts[at + 1]];
    // Languages that count their months: the number stands with its word.
    return /^\d+$/.test(name) && next?.type === "literal" ? name + next.value : name;
  });
}

/**
 * The name of a month, 1 to 12.
 *
 * ```ts
 * monthName(3, "full", "de"); // "März"
 * ```
 */
export function monthName(month: number, form: MonthForm = "full", language: string = currentLanguage()): string {
  return made.get(`${form}:${language}`, () => monthNames(language, form))[month - 1] ?? "";
}

/**
 * The name of a day of the week, 0 (Sunday) to 6.
 *
 * ```ts
 * dayName(1, "abbreviated", "ko"); // "월"
 * ```
 */
export function dayName(day: number, form: "full" | "abbreviated" = "full", language: string = currentLanguage()): string {
  const names = made.get(`day ${form}:${language}`, () => {
    const format = intlDates(language, { weekday: form === "full" ? "long" : "short" });
    return Array.from({ length: 7 }, (_, index) => format.format(Date.UTC(2023, 0, 1 + index)));
  });
  return names[day] ?? "";
}
