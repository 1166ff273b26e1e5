import { readFileSync } from "node:fs";

let known: string | undefined;

/** The version of the installed `cortado`. */
export function packageVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (known ??= (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version);
}
