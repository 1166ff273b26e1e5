import {
  blockTag,
  filter,
  library,
  type SafeString,
  simpleTag,
  type TagContext,
  type TagParser,
} from "../../../src/templates/index.ts";
import { escapeHtml, safe } from "../../../src/templates/index.ts";
import { escapeAll, expected, kwargsText } from "./expected.ts";

const takesContext = { takesContext: true } as const;
type Named = Record<string, unknown>;

/** Counts how often its node was rendered. */
const counterTag: TagParser = () => {
  let count = 0;
  return { compile: (compiler) => compiler.write(`${compiler.constant(() => String(count++))}()`) };
};

/** Named arguments come last, as an object without a prototype. */
function split(given: unknown[]): { args: unknown[]; kwargs: Named } {
  const last = given.at(-1);
  const isNamed = typeof last === "object" && last !== null && Object.getPrototypeOf(last) === null;
  return isNamed ? { args: given.slice(0, -1), kwargs: last as Named } : { args: given, kwargs: {} };
}

const simple = {
  no_params: simpleTag(() => expected("no_params")),
  one_param: simpleTag((arg: unknown) => expected("one_param", [arg])),
  explicit_no_context: simpleTag((arg: unknown) => expected("explicit_no_context", [arg])),
  no_params_with_context: simpleTag((context) => `no_params_with_context - Expected result (context value: ${String(context.get("value"))})`, takesContext),
  params_and_context: simpleTag((context, arg: unknown) => `params_and_context - Expected result (context value: ${String(context.get("value"))}): ${String(arg)}`, takesContext),
  simple_two_params: simpleTag((one: unknown, two: unknown) => expected("simple_two_params", [one, two])),
  simple_keyword_only_param: simpleTag(({ kwarg }: Named) => expected("simple_keyword_only_param", [kwarg])),
  simple_keyword_only_default: simpleTag(({ kwarg = 42 }: Named = {}) => expected("simple_keyword_only_default", [kwarg])),
  simple_one_default: simpleTag((one: unknown, two: unknown = "hi") => expected("simple_one_default", [one, two])),
  simple_unlimited_args: simpleTag((one: unknown, two: unknown = "hi", ...args: unknown[]) => expected("simple_unlimited_args", [one, two, ...args])),
  simple_only_unlimited_args: simpleTag((...args: unknown[]) => expected("simple_only_unlimited_args", args)),
  simple_unlimited_args_kwargs: simpleTag((one: unknown, two: unknown = "hi", ...given: unknown[]) => {
    const { args, kwargs } = split(given);
    return `${expected("simple_unlimited_args_kwargs", [one, two, ...args])} / ${kwargsText(kwargs)}`;
  }),
  escape_naive: simpleTag((context) => `Hello ${String(context.get("name"))}!`, takesContext),
  escape_explicit: simpleTag((context) => safe(escapeHtml(`Hello ${String(context.get("name"))}!`)), takesContext),
  escape_format_html: simpleTag((context) => safe(`Hello ${escapeHtml(context.get("name"))}!`), takesContext),
  minusone: simpleTag((value: number) => value - 1),
  minustwo: simpleTag((value: number) => value - 2),
  counter: counterTag,
}; // prettier-ignore

/* oxlint-disable max-params -- the recorded tags take so many */
const block = (name: string, content: SafeString, values: unknown[]) =>
  escapeAll`${name} - Expected result (content value: ${content}): ${values.map(String).join(", ")}`;

const blocks = {
  div: blockTag((content, id: unknown = "test") => escapeAll`<div id='${id}'>${content}</div>`),
  div_custom_end: blockTag((content) => escapeAll`<div>${content}</div>`, { end: "divend" }),
  one_param_block: blockTag((content, arg: unknown) => escapeAll`one_param_block - Expected result: ${arg} with content ${content}`),
  explicit_no_context_block: blockTag((content, arg: unknown) => escapeAll`explicit_no_context_block - Expected result: ${arg} with content ${content}`),
  no_params_with_context_block: blockTag((context, content) => escapeAll`no_params_with_context_block - Expected result (context value: ${context.get("value")}) (content value: ${content})`, takesContext),
  params_and_context_block: blockTag((context, content, arg: unknown) => escapeAll`params_and_context_block - Expected result (context value: ${context.get("value")}) (content value: ${content}): ${arg}`, takesContext),
  simple_two_params_block: blockTag((content, one: unknown, two: unknown) => block("simple_two_params_block", content, [one, two])),
  simple_keyword_only_param_block: blockTag((content, { kwarg }: Named) => block("simple_keyword_only_param_block", content, [kwarg])),
  simple_keyword_only_default_block: blockTag((content, { kwarg = 42 }: Named = {}) => block("simple_keyword_only_default_block", content, [kwarg])),
  simple_one_default_block: blockTag((content, one: unknown, two: unknown = "hi") => block("simple_one_default_block", content, [one, two])),
  simple_unlimited_args_block: blockTag((content, one: unknown, two: unknown = "hi", ...args: unknown[]) => block("simple_unlimited_args_block", content, [one, two, ...args])),
  simple_only_unlimited_args_block: blockTag((content, ...args: unknown[]) => block("simple_only_unlimited_args_block", content, args)),
  simple_unlimited_args_kwargs_block: blockTag((content, one: unknown, two: unknown = "hi", ...given: unknown[]) => {
    const { args, kwargs } = split(given);
    return escapeAll`${block("simple_unlimited_args_kwargs_block", content, [one, two, ...args])} / ${kwargsText(kwargs)}`;
  }),
  escape_naive_block: blockTag((context: TagContext, content) => `Hello ${String(context.get("name"))}: ${String(content)}!`, takesContext),
  escape_explicit_block: blockTag((context: TagContext, content) => safe(escapeHtml(`Hello ${String(context.get("name"))}: ${String(content)}!`)), takesContext),
  escape_format_html_block: blockTag((context: TagContext, content) => escapeAll`Hello ${context.get("name")}: ${content}!`, takesContext),
}; // prettier-ignore

export const customLibrary = library({
  tags: { ...simple, ...blocks },
  filters: {
    noop: filter((value: unknown, _param?: unknown) => value, { argument: "optional" }),
    trim: filter((value: string, length: number) => value.slice(0, length), { text: true, argument: "required" }),
    make_data_div: filter((value: string) => safe(`<div data-name="${value}"></div>`), { text: true, argument: "none" }),
  },
});
