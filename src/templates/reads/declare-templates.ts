import type { Engine } from "../engine.ts";
import { itemStep } from "./name-reads.ts";
import { camelCase } from "../runtime/lookup.ts";
import type { Attributes } from "./template-reads.ts";

export interface DeclareOptions {
  readonly given?: readonly string[];
  readonly isOwn?: (origin: string) => boolean;
}

/**
 * The text of `.cortado/templates.d.ts`: what each template reads, for `template()`. `given` names what every context has;
 * `isOwn` says which templates are meant, by where they come from.
 *
 * ```ts
 * await writeFile(".cortado/templates.d.ts", declareTemplates(engine, { given: ["request", "user"] }));
 * ```
 */
export function declareTemplates(engine: Engine, { given = [], isOwn = () => true }: DeclareOptions = {}): string {
  const known = new Set([...given, ...Object.keys(engine.options.globals ?? {})]);
  const names = engine.names().filter((name) => isOwn(engine.getTemplate(name).origin));
  const lines = names.map((name) => {
    const reads = engine.readsOf(name);
    const required = without(reads.required, known);
    return `    ${JSON.stringify(name)}: { required: ${shapeOf(required)}; optional: ${shapeOf(without(reads.optional, known))}; names: ${spelt(required)} };`;
  });
  return [
    "// What the project's templates read of their contexts. Kept by `cortado check` and `cortado runserver`.",
    "export {};",
    'declare module "cortado/templates" {',
    "  interface TemplateNames {",
    ...lines,
    "  }",
    "}",
    "",
  ].join("\n");
}

function without(attributes: Attributes, known: ReadonlySet<string>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !known.has(name)));
}

/** `{ coffee_list: { "*": { name: {} } } }`; how often a name is read says nothing, so its order is that of the alphabet. */
function shapeOf(attributes: Attributes): string {
  const entries = Object.keys(attributes)
    .sort()
    .map((name) => {
      const key = name === itemStep || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? JSON.stringify(name) : name;
      return `${key}: ${shapeOf(attributes[name]!)}`;
    });
  return entries.length === 0 ? "{}" : `{ ${entries.join("; ")} }`;
}

/** The names as they stand, and in camelCase. */
function spelt(attributes: Attributes): string {
  const names = new Set(Object.keys(attributes).flatMap((name) => [name, camelCase(name)]));
  return names.size === 0 ? "never" : [...names].sort().map((name) => JSON.stringify(name)).join(" | "); // prettier-ignore
}
