import { escapeHtml, SafeString } from "../safe-string.ts";
import { textOf } from "./text.ts";

/** How values of one name are put together; elsewhere the later one counts. */
const joined: ReadonlyMap<string, string> = new Map([["class", " "], ["style", "; "]]); // prettier-ignore

/** Attributes as HTML: a component's own, and over them those it was given. True is a name alone; false and None are nothing. */
export function attributesHtml(
  own: readonly (readonly [string, unknown])[],
  given: ReadonlyMap<string, unknown> = new Map(),
): string {
  const all = new Map(own);
  for (const [name, value] of given) all.set(name, merged(name, all.get(name), value));
  return [...all].flatMap(([name, value]) => attribute(name, value)).join(" ");
}

function merged(name: string, own: unknown, given: unknown): unknown {
  const separator = joined.get(name);
  if (separator === undefined || isNothing(own) || own === "") return given;
  if (isNothing(given) || given === "") return own;
  return new SafeString(`${attributeText(own)}${separator}${attributeText(given)}`);
}

function attribute(name: string, value: unknown): string[] {
  if (isNothing(value)) return [];
  return value === true ? [name] : [`${name}="${attributeText(value)}"`];
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === false;
}

/** Text between quotes: what is HTML already keeps its entities, and closes no quote. */
function attributeText(value: unknown): string {
  if (!(value instanceof SafeString)) return escapeHtml(textOf(value));
  return value.value.replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
