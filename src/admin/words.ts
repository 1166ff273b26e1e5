import { currentLanguage, gettext, interpolate, pgettext } from "#kernel/i18n";
import { escapeHtml, safe, type SafeString } from "#templates";

/** What `Intl` writes in a language; made once for each. */
interface Writers {
  readonly integers: Intl.NumberFormat;
  readonly decimals: Intl.NumberFormat;
  readonly days: Intl.DateTimeFormat;
}
const writers = new Map<string, Writers>();

function inLanguage(): Writers {
  const language = currentLanguage();
  let made = writers.get(language);
  if (made === undefined) {
    made = {
      integers: new Intl.NumberFormat(language, { maximumFractionDigits: 0 }),
      decimals: new Intl.NumberFormat(language, { maximumFractionDigits: 6 }),
      days: new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" }),
    };
    writers.set(language, made);
  }
  return made;
}

/** `12,431`. */
export function countText(count: number | bigint): string {
  return inLanguage().integers.format(count);
}

/** `4,500.5`. */
export function numberText(value: number | bigint): string {
  return inLanguage().decimals.format(value);
}

/** A metric or a probability: four digits that count. */
export function figureText(value: number): string {
  if (Number.isInteger(value)) return countText(value);
  const size = Math.abs(value);
  return size >= 1000 ? numberText(Math.round(value)) : String(Number(value.toPrecision(size < 1 ? 3 : 4)));
}

/** `58 KB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** `3 coffees`, `1 coffee`, `no coffees`. */
export function countOf(count: number, singular: string, plural: string): string {
  if (count === 0) return interpolate(gettext("no %(things)s"), { things: plural });
  const things = count === 1 ? singular : plural;
  return interpolate(pgettext("number of things", "%(count)s %(things)s"), { count: countText(count), things });
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `2 h ago`, `yesterday`, `3 d ago`, then the date. */
function agoText(time: Date, now: Date = new Date()): string {
  const minutes = (now.getTime() - time.getTime()) / 60_000;
  const { days: dateOnly } = inLanguage();
  if (minutes < -1) return dateOnly.format(time);
  if (minutes < 1) return gettext("just now");
  if (minutes < 60) return interpolate(gettext("%(count)s min ago"), { count: Math.floor(minutes) });
  if (minutes < 24 * 60) return interpolate(gettext("%(count)s h ago"), { count: Math.floor(minutes / 60) });
  const days = Math.floor(minutes / (24 * 60));
  if (days === 1) return gettext("yesterday");
  return days < 14 ? interpolate(gettext("%(count)s d ago"), { count: days }) : dateOnly.format(time);
}

/** `2026-03-04 15:06`, in UTC. */
export function exactTime(time: Date): string {
  return time.toISOString().slice(0, 16).replace("T", " ");
}

/** A moment in words, with the exact one on hover. */
export function timeHtml(time: Date): SafeString {
  const exact = `${exactTime(time)} UTC`;
  return safe(`<time dir="auto" datetime="${time.toISOString()}" title="${exact}">${escapeHtml(agoText(time))}</time>`);
}
