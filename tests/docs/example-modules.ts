// Turns examples, which leave their imports out, into modules that a compiler takes: names come from the doors.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./doc-blocks.ts";

/** Where names may come from: the first source that has a name gives it. */
export interface NameSource {
  specifier: string;
  /** Name → whether it is a type alone. */
  names: ReadonlyMap<string, boolean>;
}

const { exports: packageExports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, { "cortado-source": string }>;
};

/** The file behind a door; a layer without a public one has its index. */
function sourceOf(specifier: string): string {
  const layer = specifier.replace(/^cortado\/?/, "");
  return packageExports[layer === "" ? "." : `./${layer}`]?.["cortado-source"] ?? `src/${layer}/index.ts`;
}

/** A door as a source: `cortado/orm` and what its index exports. */
export function doorSource(specifier: string): NameSource {
  const source = readFileSync(join(root, sourceOf(specifier)), "utf8");
  const names = new Map<string, boolean>();
  for (const [, allTypes, list] of source.matchAll(/export (type )?\{([^}]*)\}/g)) {
    for (const item of list!.split(",").map((each) => each.trim())) {
      const name = item
        .replace(/^type /, "")
        .split(" as ")
        .at(-1)!;
      if (name) names.set(name, Boolean(allTypes) || item.startsWith("type "));
    }
  }
  return { specifier, names };
}

/** A file's own exports as a source. */
export function fileSource(specifier: string, source: string): NameSource {
  const declared = source.matchAll(/^export (?:declare )?(?:async )?(const|class|function|type|interface) (\w+)/gm);
  return { specifier, names: new Map([...declared].map(([, kind, name]) => [name!, kind === "type" || kind === "interface"])) };
}

/** An example as a module: imports and augmentations above, the rest in a function. */
export function exampleModule(example: string, sources: readonly NameSource[]): string {
  const { imports, augmentations, body } = takeApart(example);
  const own = new Set([...imports.join("\n").matchAll(/\b\w+\b/g)].map(([name]) => name));
  const found = importsFor(body, sources, own);
  return [...imports, ...found, ...augmentations, "export async function example() {", body, "}", ""].join("\n");
}

function takeApart(example: string): { imports: string[]; augmentations: string[]; body: string } {
  const imports: string[] = [];
  const augmentations: string[] = [];
  const body = example
    .replace(/^import [^;]*;\n/gm, (line) => (imports.push(line.trim()), ""))
    .replace(/^declare module .*\}\n/gm, (line) => (line.includes("Register") || augmentations.push(line.trim()), ""))
    .replace(/^export default /gm, "void ")
    .replace(/^export /gm, "")
    .replace(/\{ … \}/g, "{}")
    .replace(/\{ … /g, "{ ")
    .replace(/, … \}/g, ", ...(0 as any) }");
  return { imports, augmentations, body };
}

function importsFor(body: string, sources: readonly NameSource[], own: ReadonlySet<string>): string[] {
  const code = body.replace(/\/\/.*$/gm, "");
  const used = new Set([...code.matchAll(/(?<![.\w])[A-Za-z_]\w*/g)].map(([name]) => name));
  const declared = new Set([...body.matchAll(/\b(?:class|function) (\w+)/g)].map(([, name]) => name!));
  return [...used]
    .filter((name) => !own.has(name) && !declared.has(name))
    .flatMap((name) => {
      const source = sources.find(({ names }) => names.has(name));
      if (!source) return [];
      return `import { ${source.names.get(name) ? "type " : ""}${name} } from "${source.specifier}";`;
    });
}

/** Names that are only declared, so that an example which uses them cannot be run. */
const unreal = /\b(request|site|services|coffee|roaster|user|model|await (?!engine|integerField))\b/;

/** A module whose `results()` answers pairs of what an example's lines give and what is said beside them; undefined where nothing is. */
export function resultChecks(example: string, sources: readonly NameSource[]): string | undefined {
  const { body } = takeApart(example);
  const lines = body.split("\n").map((line) => {
    const said = /^(?!const |let )(.*); \/\/ (["{[<\d].*|throws\b.*)$/.exec(line);
    if (!said || unreal.test(said[1]!)) return line;
    const [, given, result] = said as unknown as [string, string, string];
    if (result.startsWith("throws")) return `pairs.push([await attempt(async () => ${given}), "threw"]);`;
    return result.startsWith("<")
      ? `pairs.push([String(${given}), ${JSON.stringify(result)}]);`
      : `pairs.push([${given}, ${result}]);`;
  });
  if (!lines.some((line) => line.startsWith("pairs.push"))) return undefined;
  return [
    ...importsFor(body, sources, new Set()),
    "const attempt = (run) => run().then(() => 'answered', () => 'threw');",
    `export async function results() {\nconst pairs = [];\n${lines.join("\n")}\nreturn pairs;\n}\n`,
  ].join("\n");
}
