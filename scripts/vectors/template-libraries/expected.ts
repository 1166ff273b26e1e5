import { escapeHtml, safe, type SafeString } from "../../../src/templates/index.ts";

/** What most tags of the recorded tests print. */
export function expected(name: string, values?: readonly unknown[]): string {
  return `${name} - Expected result${values ? `: ${values.map(String).join(", ")}` : ""}`;
}

export function kwargsText(kwargs: Readonly<Record<string, unknown>>): string {
  return Object.entries(kwargs).sort().map(([name, value]) => `${name}=${String(value)}`).join(", "); // prettier-ignore
}

/** HTML in which values are escaped unless they are safe. */
export function escapeAll(parts: TemplateStringsArray, ...values: unknown[]): SafeString {
  return safe(parts.map((part, i) => (i < values.length ? part + escapeHtml(values[i]) : part)).join(""));
}
