import { escapeHtml, safe, type SafeString } from "#templates";

const integers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const decimals = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
const dateOnly = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });

/** `12,431`. */
export function countText(count: number | bigint): string {
  return integers.format(count);
}

/** `4,500.5`. */
export function numberText(value: number | bigint): string {
  return decimals.format(value);
}

/** A metric or a probability: four digits that count. */
export function figureText(value: number): string {
  if (Number.isInteger(value)) return integers.format(value);
  const size = Math.abs(value);
  return size >= 1000 ? decimals.format(Math.round(value)) : String(Number(value.toPrecision(size < 1 ? 3 : 4)));
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
  if (count === 0) return `no ${plural}`;
  return count === 1 ? `1 ${singular}` : `${countText(count)} ${plural}`;
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `2 h ago`, `yesterday`, `3 d ago`, then the date. */
export function agoText(time: Date, now: Date = new Date()): string {
  const minutes = (now.getTime() - time.getTime()) / 60_000;
  if (minutes < -1) return dateOnly.format(time);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${Math.floor(minutes)} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / (24 * 60));
  if (days === 1) return "yesterday";
  return days < 14 ? `${days} d ago` : dateOnly.format(time);
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
