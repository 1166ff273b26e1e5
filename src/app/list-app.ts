import { readFileSync, writeFileSync } from "node:fs";

/** Words that name nothing in a module. */
const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public " +
    "return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** Adds the app to `apps: […]` and its import above; false when the file is not shaped so simply that it is safe. */
export function listApp(file: string, app: string): boolean {
  const text = readFileSync(file, "utf8");
  const list = /apps:\s*\[((?:(?!\/[/*])[^[\]])*)\]/.exec(text);
  const imports = [...text.matchAll(/^import .*;$/gm)];
  const last = imports.at(-1);
  if (!list || !last) return false;
  const name = reserved.has(app) || new RegExp(`\\b${app}\\b`).test(text) ? `${app}App` : app;
  const items = list[1]!.trimEnd().replace(/,$/, "");
  const listed = text.replace(list[0], () => `apps: [${items.trim() === "" ? name : `${items}, ${name}`}]`);
  const end = last.index + last[0].length;
  writeFileSync(file, `${listed.slice(0, end)}\nimport ${name} from "./${app}/app.ts";${listed.slice(end)}`);
  return true;
}
