import { templatesErrors } from "../errors.ts";
import { quotedText, textOf } from "../runtime/text.ts";
import { isPlain } from "../runtime/compare.ts";
import { simpleTag, type TagContext } from "./custom.ts";

/** What holds the parameters of a request: a `URLSearchParams` or the like. */
interface Parameters {
  entries(): Iterable<[string, unknown]>;
}

/** `{% querystring page=2 sort=None %}`: the request's parameters with some changed; several dictionaries may come first. */
export const querystringTag = simpleTag(
  (context: TagContext, ...given: unknown[]) => {
    const named = given.length > 0 && isNamed(given.at(-1)) ? given.pop() : undefined;
    const sources = given.length > 0 ? given : [requestParameters(context)];
    const parameters = new Map<string, string[]>();
    for (const source of sources) addAll(parameters, source);
    if (named !== undefined) addAll(parameters, named);
    const pairs = [...parameters].flatMap(([key, values]) => values.map((value): [string, string] => [key, value]));
    return `?${new URLSearchParams(pairs)}`;
  },
  { takesContext: true, setsNames: false },
);

/** The named arguments are an object without a prototype; dictionaries of the context have one. */
function isNamed(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}

function requestParameters(context: TagContext): unknown {
  const request = context.get("request") as { query?: unknown } | undefined;
  if (request?.query !== undefined) return request.query;
  throw templatesErrors.TEMPLATES_BAD_VALUE({
    problem: '{% querystring %} needs a dictionary, or a "request" in the context.',
    hint: "Render with `render(request, …)`, or give it a dictionary.",
  });
}

/** A parameter that is given anew keeps its place. */
function addAll(parameters: Map<string, string[]>, source: unknown): void {
  const touched = new Set<string>();
  for (const [key, value] of entriesOf(source)) {
    if (typeof key !== "string")
      throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: `{% querystring %} needs text for keys, not ${quotedText(key)}.` });
    if (value === null || value === undefined) parameters.delete(key);
    else {
      const many = typeof value === "object" && Symbol.iterator in value ? [...(value as Iterable<unknown>)] : [value];
      const before = touched.has(key) ? (parameters.get(key) ?? []) : [];
      parameters.set(key, [...before, ...many.map((one) => textOf(one))]);
    }
    touched.add(key);
  }
}

function entriesOf(source: unknown): Iterable<readonly [unknown, unknown]> {
  if (source instanceof Map) return source;
  if (typeof source === "object" && source !== null && !Array.isArray(source)) {
    if (isPlain(source)) return Object.entries(source);
    if (typeof (source as Partial<Parameters>).entries === "function") return (source as Parameters).entries();
  }
  throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: `{% querystring %} takes dictionaries, not ${quotedText(source)}.` });
}
