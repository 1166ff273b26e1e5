// The examples in the comments of public names.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./doc-blocks.ts";

export interface Example {
  /** `src/orm/model/model.ts:51` */
  place: string;
  layer: string;
  /** The name that the comment belongs to; undefined for a member of a class. */
  of: string | undefined;
  text: string;
}

/** Every example in a comment of `src`. */
export function commentExamples(): Example[] {
  return globSync("src/**/*.ts", { cwd: root }).sort().flatMap(examplesOf);
}

function examplesOf(file: string): Example[] {
  const source = readFileSync(join(root, file), "utf8");
  const examples: Example[] = [];
  for (const comment of source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n(?:\/\/.*\n)*(.*)/g)) {
    const line = source.slice(0, comment.index).split("\n").length;
    const of = /^export (?:async )?(?:abstract )?(?:class|function\*?|const|interface|type) (\w+)/.exec(comment[2]!)?.[1];
    const text = comment[1]!.replace(/^\s*\* ?/gm, "");
    const inline = [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)]
      .map(([, code]) => `${code};\n`)
      .filter((code) => calls(code, of));
    const fenced = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
    const place = { layer: file.split("/")[1]!, of };
    for (const [at, example] of [...fenced, ...inline].entries()) {
      examples.push({ ...place, place: `${file}:${line}${at === 0 ? "" : `:${at}`}`, text: example });
    }
  }
  return examples;
}

/** Code within a sentence is an example where it calls the name that the comment belongs to. */
function calls(code: string, name: string | undefined): boolean {
  return name !== undefined && !code.startsWith("static ") && new RegExp(`\\b${name}\\(.+\\)`).test(code);
}
