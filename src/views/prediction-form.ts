import { z } from "zod";
import {
  booleanField,
  charField,
  type Field,
  floatField,
  Form,
  type FormClass,
  integerField,
  jsonField,
  textarea,
  typedChoiceField,
} from "#forms";
import type { Services } from "#kernel";
import { gettext, interpolate } from "#kernel/i18n";
import { viewsErrors } from "./errors.ts";
import type { Handler, ModelInfo, TensorSpec } from "#serving";

/** A JSON schema, as far as a form can be made from it. */
interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
}

interface FieldOptions {
  label: string;
  required: boolean;
  helpText: string;
}

const mostChoices = 60;

/** The class of a form whose clean values are an item of a model. */
export type PredictionFormClass<In> = FormClass<{ [Name in keyof In]: Field<In[Name]> }>;

/**
 * A form for a model's input: its `cleanedData` is an item that the model takes. It is made from the handler's schema, from the
 * columns that a tabular model learned from, or from the signature.
 *
 * ```ts
 * const PenguinForm = predictionForm(request.services, penguinSpecies);
 * const form = new PenguinForm({ data: request.query });
 * if (await form.isValid()) await penguinSpecies.predict(form.cleanedData);
 * ```
 * @throws SERVING_UNKNOWN_MODEL, and VIEWS_NO_PREDICTION_FORM where nothing says what the model takes
 */
export function predictionForm<In>(services: Services, handler: Handler<In>): PredictionFormClass<In>;
export function predictionForm(services: Services, model: string): PredictionFormClass<Record<string, unknown>>;
export function predictionForm(services: Services, of: Handler | string): PredictionFormClass<any> {
  const model = services.models.describe(typeof of === "string" ? of : of.name);
  const fields = predictionFields(model);
  if (!fields) throw viewsErrors.VIEWS_NO_PREDICTION_FORM({ model: model.name });
  return Form(fields);
}

/** The form fields of a model's input; undefined where nothing says what the model takes. */
export function predictionFields(model: ModelInfo): Record<string, Field> | undefined {
  return schemaFields(model) ?? columnFields(model) ?? signatureFields(model);
}

function schemaFields(model: ModelInfo): Record<string, Field> | undefined {
  const input = model.handler?.options.input;
  if (!(input instanceof z.ZodType)) return undefined;
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
  if (!schema.properties) return undefined;
  return Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, fieldOfSchema(name, part)]));
}

function fieldOfSchema(name: string, schema: Schema): Field {
  const parts = schema.anyOf ?? [schema];
  const main = parts.find((part) => part.type !== "null") ?? schema;
  const types = parts.flatMap((part) => part.type ?? []);
  const options = {
    label: schema.title ?? labelOf(name),
    required: !types.includes("null"),
    helpText: schema.description ?? main.description ?? "",
  };
  if (main.enum) return choicesField(main.enum.map(String), options);
  const limits = { minValue: bound(main.minimum), maxValue: bound(main.maximum) };
  switch (types.find((type) => type !== "null")) {
    case "number":
      return floatField({ ...options, ...limits });
    case "integer":
      return integerField({ ...options, ...limits });
    case "boolean":
      return options.required ? booleanField({ ...options, required: false }) : yesOrNoField(options);
    case "string":
      return textField(options);
    default:
      return jsonInput({ ...options, helpText: options.helpText || gettext("As JSON.") });
  }
}

/** A limit that a person would know of: JSON schemas give every integer the limits of its type. */
function bound(limit: number | undefined): number | undefined {
  return limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? limit : undefined;
}

/** A tabular model's features, each of which may be unknown. */
function columnFields({ manifest }: ModelInfo): Record<string, Field> | undefined {
  const columns = (manifest?.columns ?? []).filter((column) => column["role"] === "feature");
  if (columns.length === 0) return undefined;
  return Object.fromEntries(columns.map((column) => [String(column["name"]), fieldOfColumn(column)]));
}

function fieldOfColumn({ name, kind, categories }: Readonly<Record<string, unknown>>): Field {
  const options = { label: labelOf(String(name)), required: false, helpText: "" };
  if (kind === "number") return floatField(options);
  if (kind === "boolean") return yesOrNoField(options);
  if (Array.isArray(categories) && categories.length > 0 && categories.length <= mostChoices)
    return choicesField(categories.map(String), options);
  return textField(options);
}

function signatureFields({ signature }: ModelInfo): Record<string, Field> | undefined {
  if (!signature || signature.inputs.length === 0) return undefined;
  return Object.fromEntries(signature.inputs.map((spec) => [spec.name, fieldOfTensor(spec)]));
}

/** An item's part of an input: without the first dimension, where that is how many items there are. */
function fieldOfTensor({ name, datatype, shape }: TensorSpec): Field {
  const sizes = shape[0] === -1 ? shape.slice(1) : shape;
  const tensor = sizes.length === 0 ? datatype : `${datatype} [${sizes.join(", ")}]`;
  return jsonInput({ label: labelOf(name), helpText: interpolate(gettext("%(tensor)s, as JSON."), { tensor }) });
}

/** An empty list is a value, so whether one must be given is the model's to say. */
function jsonInput(options: Pick<FieldOptions, "label" | "helpText">): Field {
  return jsonField({ ...options, required: false, widget: textarea({ attrs: { rows: 3, spellcheck: "false" } }) });
}

function textField(options: FieldOptions): Field {
  return charField({ ...options, emptyValue: options.required ? "" : null } as never);
}

function choicesField(values: readonly string[], options: FieldOptions): Field {
  const choices = [
    ...(options.required ? [] : [["", gettext("not known")] as const]),
    ...values.map((value) => [value, value] as const),
  ];
  return typedChoiceField({ ...options, choices, coerce: String, emptyValue: null } as never);
}

function yesOrNoField(options: FieldOptions): Field {
  const choices = [
    ["", gettext("not known")],
    ["true", gettext("yes")],
    ["false", gettext("no")],
  ] as const;
  return typedChoiceField({ ...options, choices, coerce: (value: unknown) => value === "true", emptyValue: null } as never);
}

/** `beakLength` → `Beak length`. */
function labelOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, (_, before, letter) => `${before} ${letter.toLowerCase()}`)
    .replace(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
