/*
 * Holds fields, widgets and forms against what another framework's tests recorded of theirs:
 *
 *   node --conditions=cortado-source scripts/vectors/compare-forms.ts form_fields.json|widgets.json|forms.json
 *
 * Values and messages have to be the same; HTML may differ in the white space between elements.
 */
import * as forms from "../../src/forms/index.ts";
import { formSource } from "../../src/forms/form-data.ts";
import { overrideLanguage, useI18n } from "../../src/kernel/i18n/index.ts";
import * as validation from "../../src/validation/index.ts";
import { camelCase, decode, NoCounterpart, type OwnMakers, recordedCases, type Sides, Tally } from "./recorded.ts";

interface Made {
  type: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
}

interface Case {
  id: string;
  options: Record<string, unknown> & { language: string | null };
  expect: any;
  /** Of fields and widgets. */
  method: string;
  args: any;
  field?: Made;
  widget?: Made;
  /** Of forms. */
  kind?: "clean" | "as_p" | "as_table" | "as_ul" | "as_div";
  form?: { class: string; fields: [string, unknown][] };
  kwargs?: Record<string, unknown>;
}

const lowerFirst = (name: string) => name.replace(/^([A-Z]+)(?=[A-Z][a-z]|$)|^[A-Z]/, (start) => start.toLowerCase());

/** A factory of ours by the name that a class has there. */
function factory(doors: object, name: string): (...args: any[]) => any {
  const made = (doors as Record<string, unknown>)[lowerFirst(name)];
  if (typeof made !== "function") throw new NoCounterpart(name);
  return made as () => unknown;
}

const converters: Record<string, (value: unknown) => unknown> = {
  int: Number,
  float: Number,
  bool: Boolean,
  str: String,
};

function validatorOf(recorded: { fn?: string; class?: string; args?: unknown[]; kwargs?: Record<string, unknown> }): unknown {
  if (recorded.fn !== undefined) return (validation as Record<string, unknown>)[camelCase(recorded.fn)];
  const { message, ...kwargs } = optionsOf(recorded.kwargs ?? {});
  const args = (recorded.args ?? []).map((arg) => decode(arg, own));
  return factory(validation, recorded.class!)(...args, message === null ? kwargs : { message, ...kwargs });
}

const own: OwnMakers = {
  datetime: (text: string, { offset_s: offset = 0 }) => new Date(Date.parse(`${text}Z`) - offset * 1000),
  field: (_, whole: Made) => makeField(whole),
  widget: (_, whole: Made) => makeWidget(whole),
  class: (_, whole: { name: string; custom: boolean }) => {
    if (whole.custom) throw new NoCounterpart("a class of the test's own");
    return factory(forms, whole.name);
  },
  validator: (_, whole) => validatorOf(whole),
  regex: (pattern: string) => new RegExp(pattern.replace(/\\Z$/, "$"), "u"),
  builtin: (_, { name }) => converters[name],
};

function optionsOf(kwargs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [camelCase(name), decode(value, own)]));
}

function makeField({ type, args, kwargs }: Made): forms.Field<any> {
  const options = optionsOf(kwargs);
  if (type === "RegexField" && args.length > 0) options["regex"] = decode(args[0], own);
  else if (args.length > 0) throw new NoCounterpart(`arguments of ${type}`);
  return factory(forms, type)(options) as forms.Field<any>;
}

function makeWidget({ type, args, kwargs }: Made): forms.Widget {
  if (args.length > 0) throw new NoCounterpart(`arguments of ${type}`);
  return factory(forms, type)(optionsOf(kwargs)) as forms.Widget;
}

/** What is compared of a value: its text, where it is an object of a type of its own. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, inner]) => [String(name), plain(inner)]));
  if (typeof value !== "object" || value === null) return value;
  if (value.toString !== Object.prototype.toString) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

const text = (value: unknown) => JSON.stringify(plain(value));
/** White space between elements, and at the ends of what stands in them, says nothing; parts of widgets have names here. */
const html = (value: unknown) =>
  String(value)
    .replace(/\s+/g, " ")
    .replace(/ aria-label="[^"]*"/g, "")
    .replace(/ ?(<[^>]*>) ?/g, "$1")
    .trim();

/** Our answer in the shape that was recorded. */
async function answer(each: Case): Promise<Sides> {
  if (each.field !== undefined) return fieldAnswer(each, makeField(each.field));
  if (each.widget !== undefined) return widgetAnswer(each, makeWidget(each.widget));
  return formAnswer(each);
}

async function fieldAnswer(each: Case, field: forms.Field<any>): Promise<Sides> {
  const args = (each.args as unknown[]).map((arg) => decode(arg, own)) as [unknown, unknown];
  const { error } = each.expect;
  try {
    const value: unknown = each.method === "has_changed" ? field.hasChanged(...args) : await field.clean(...args);
    return { got: text(value), wanted: error ? `refused: ${text(error.messages)}` : text(decode(each.expect.value, own)) };
  } catch (refused) {
    if (!(refused instanceof validation.ValidationError)) throw refused;
    const got = { messages: refused.messages, codes: refused.codes };
    const wanted = error ? { messages: error.messages, codes: error.codes } : decode(each.expect.value, own);
    return { got: text(got), wanted: text(wanted) };
  }
}

async function widgetAnswer(each: Case, widget: forms.Widget): Promise<Sides> {
  const { name, value, attrs, data, files, id_: id, initial } = decode(each.args, own) as Record<string, any>;
  const wanted = decode(each.expect, own);
  const [from, sent] = [formSource(data ?? {}), formSource(files ?? {})];
  const methods: Record<string, () => unknown> = {
    render: () => widget.render(name, value, attrs ?? {}),
    value_from_datadict: () => widget.valueFrom(from, sent, name),
    value_omitted_from_data: () => widget.isOmitted(from, sent, name),
    use_required_attribute: () => widget.usesRequired(initial),
    id_for_label: () => widget.idForLabel(id),
  };
  const method = methods[each.method];
  if (method === undefined) throw new NoCounterpart(each.method);
  const got = await method();
  return each.method === "render" ? { got: html(got), wanted: html(wanted) } : { got: text(got), wanted: text(wanted) };
}

async function formAnswer(each: Case): Promise<Sides> {
  const fields = each.form!.fields.map(([name, field]) => [name, decode(field, own)] as const);
  const made = forms.Form(Object.fromEntries(fields) as forms.FieldMap);
  const [data, files] = each.args.map((arg: unknown) => decode(arg, own));
  const form = new made({ data, files, ...optionsOf(each.kwargs ?? {}) });
  if (each.kind !== "clean") {
    const name = camelCase(each.kind!) as "asP";
    return { got: html(await form[name]), wanted: html(decode(each.expect, own)) };
  }
  await form.isValid();
  const errors = Object.entries(form.errors);
  const got = {
    errors: Object.fromEntries(errors.map(([name, list]) => [name, [...list]])),
    codes: Object.fromEntries(errors.map(([name, list]) => [name, list.codes])),
    cleaned_data: form.cleanedData as unknown,
  };
  return { got: text(sorted(got)), wanted: text(sorted(decode(each.expect, own))) };
}

/** The order of a form's answers says nothing. */
function sorted(value: unknown): unknown {
  return Object.fromEntries(
    Object.entries(value as Record<string, Record<string, unknown>>).map(([part, inner]) => [
      part,
      Object.fromEntries(Object.entries(inner ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
    ]),
  );
}

const tally = new Tally(process.argv[2]?.split("/").at(-1) ?? "");
for (const each of recordedCases<Case>("compare-forms.ts forms.json")) {
  const { language, USE_THOUSAND_SEPARATOR: useThousandSeparator, ...formats } = each.options;
  useI18n({ formats: { "*": formatsFrom(formats) }, useThousandSeparator: useThousandSeparator === true });
  const about = `${each.id} ${JSON.stringify(each.field ?? each.widget ?? each.form!.class)} ${each.method ?? each.kind} ${JSON.stringify(each.args)} ${JSON.stringify(each.options)}`;
  await tally.compare(about, () => overrideLanguage(language, () => answer(each)));
}
tally.print();

/** `DATETIME_INPUT_FORMATS` → `dateTimeInputFormats` */
function formatsFrom(given: Record<string, unknown>): Record<string, unknown> {
  const named = Object.entries(given).map(([name, value]) => [
    camelCase(name.toLowerCase()).replace(/^datetime/, "dateTime"),
    value,
  ]);
  return Object.fromEntries(named) as Record<string, unknown>;
}
