import { Engine, inclusionTag, library } from "../../../src/templates/index.ts";
import { expected, kwargsText } from "./expected.ts";

const takesContext = { takesContext: true } as const;
const compiled = new Engine().fromString("{{ result }}\n", "inclusion.html");

/** The tags of the recorded tests, for a template by its name and for one that is compiled already. */
function tagsFor(suffix: string, template: string | typeof compiled) {
  const named = (name: string) => `inclusion_${name}${suffix}`;
  const result = (name: string, values?: unknown[]) => ({ result: expected(named(name), values) });
  return Object.fromEntries(Object.entries({
    no_params: inclusionTag(template, () => result("no_params")),
    one_param: inclusionTag(template, (arg: unknown) => result("one_param", [arg])),
    explicit_no_context: inclusionTag(template, (arg: unknown) => result("explicit_no_context", [arg])),
    no_params_with_context: inclusionTag(template, (context) => ({ result: `${named("no_params_with_context")} - Expected result (context value: ${String(context.get("value"))})` }), takesContext),
    params_and_context: inclusionTag(template, (context, arg: unknown) => ({ result: `${named("params_and_context")} - Expected result (context value: ${String(context.get("value"))}): ${String(arg)}` }), takesContext),
    two_params: inclusionTag(template, (one: unknown, two: unknown) => result("two_params", [one, two])),
    keyword_only_default: inclusionTag(template, ({ kwarg = 42 }: { kwarg?: unknown } = {}) => result("keyword_only_default", [kwarg])),
    one_default: inclusionTag(template, (one: unknown, two: unknown = "hi") => result("one_default", [one, two])),
    unlimited_args: inclusionTag(template, (one: unknown, two: unknown = "hi", ...args: unknown[]) => result("unlimited_args", [one, two, ...args])),
    only_unlimited_args: inclusionTag(template, (...args: unknown[]) => result("only_unlimited_args", args)),
    unlimited_args_kwargs: inclusionTag(template, (one: unknown, two: unknown = "hi", ...given: unknown[]) => {
      const last = given.at(-1);
      const kwargs = typeof last === "object" && last !== null ? (given.pop() as Record<string, unknown>) : {};
      return { result: `${expected(named("unlimited_args_kwargs"), [one, two, ...given])} / ${kwargsText(kwargs)}` };
    }),
  }).map(([name, tag]) => [named(name), tag])); // prettier-ignore
}

export const inclusionLibrary = library({
  tags: {
    ...tagsFor("", "inclusion.html"),
    ...tagsFor("_from_template", compiled),
    inclusion_extends1: inclusionTag("inclusion_extends1.html", () => ({})),
    inclusion_extends2: inclusionTag("inclusion_extends2.html", () => ({})),
  },
});
