import { isReservedName } from "../model/reserved-names.ts";

/** Words that cannot name a class. */
const reservedWords: ReadonlySet<string> = new Set([
  "Object",
  "Function",
  "Array",
  "Date",
  "Map",
  "Set",
  "Promise",
  "Error",
  "Number",
  "String",
  "Boolean",
  "Symbol",
  "Record",
  "Partial",
  "Model",
]);

/** `shop_order_line` → `ShopOrderLine`; with the app's name `shop` → `OrderLine`. */
export function modelName(table: string, app: string | undefined): string {
  const own = app !== undefined && table.startsWith(`${app}_`) ? table.slice(app.length + 1) : table;
  const name = words(own).map(capitalised).join("");
  const fitting = /^[A-Za-z]/.test(name) ? name : `Table${name}`;
  return reservedWords.has(fitting) ? `${fitting}Row` : fitting;
}

/** `is_ice` → `isIce`; a name that rows use themselves gets "Value" behind it. */
export function fieldName(column: string): string {
  const [first = "", ...rest] = words(column);
  const name = first.toLowerCase() + rest.map(capitalised).join("");
  const fitting = /^[A-Za-z]/.test(name) ? name : `column${capitalised(name)}`;
  return isReservedName(fitting) ? `${fitting}Value` : fitting;
}

function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
}

function capitalised(word: string): string {
  return word === "" ? "" : word[0]!.toUpperCase() + (word === word.toUpperCase() ? word.slice(1).toLowerCase() : word.slice(1));
}

/** A name that is not taken yet: `name`, `name2`, `name3`. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}${n}`;
  return name;
}
