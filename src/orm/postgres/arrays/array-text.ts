/** A list as PostgreSQL writes it, of what a driver takes: texts, numbers, bytes, lists. */
export function arrayText(items: readonly unknown[]): string {
  return `{${items.map(itemText).join(",")}}`;
}

function itemText(item: unknown): string {
  if (item === null || item === undefined) return "NULL";
  if (Array.isArray(item)) return arrayText(item);
  if (item instanceof Uint8Array) return `"\\\\x${Buffer.from(item).toString("hex")}"`;
  const text = item instanceof Date ? item.toISOString() : String(item as string);
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Reads a list as PostgreSQL writes it: `{1,NULL,"a b",{2}}`. Bounds before it, `[0:1]={…}`, are left out. */
export function parseArray(text: string, read: (item: string) => unknown = (item) => item): unknown[] {
  const begin = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  const lists: unknown[][] = [[]];
  const token = /\{|\}|,|"((?:[^"\\]|\\[\s\S])*)"|[^{},"]+/gy;
  token.lastIndex = begin;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found, quoted] = match;
    if (found === "{") lists.push([]);
    else if (found === "}") {
      const list = lists.pop()!;
      lists.at(-1)!.push(list);
    } else if (quoted !== undefined) lists.at(-1)!.push(read(quoted.replaceAll(/\\([\s\S])/g, "$1")));
    else if (found !== ",") lists.at(-1)!.push(found === "NULL" ? null : read(found));
  }
  return lists[0]![0] as unknown[];
}
