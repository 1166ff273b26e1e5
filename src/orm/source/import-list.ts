import { lineWidth } from "./line-width.ts";

/** The imports of a file: packages before files of the project, the names of each in their order. */
export class ImportList {
  readonly #names = new Map<string, Set<string>>();

  add(door: string, name: string): void {
    this.#names.set(door, (this.#names.get(door) ?? new Set()).add(name));
  }

  print(): string {
    const doors = [...this.#names].sort(([a], [b]) => Number(isFile(a)) - Number(isFile(b)) || (a < b ? -1 : 1));
    return doors.map(([door, names]) => printImport(door, [...names].sort(byLetters))).join("");
  }
}

function isFile(door: string): boolean {
  return door.startsWith(".");
}

const byLetters = (a: string, b: string): number => a.localeCompare(b, "en", { sensitivity: "base" });

function printImport(door: string, names: readonly string[]): string {
  const line = `import { ${names.join(", ")} } from "${door}";`;
  if (line.length <= lineWidth) return `${line}\n`;
  return `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "${door}";\n`;
}
