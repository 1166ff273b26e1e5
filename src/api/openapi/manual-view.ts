import { HttpError, type HttpRequest, type View } from "#http";
import type { Authorizer, ModelInfo } from "#serving";
import { render } from "#views";
import { exampleItem } from "./example-item.ts";
import { inputSchema } from "./model-schemas.ts";
import { describedModels, type ManualOptions } from "./openapi-view.ts";
import type { JsonSchema } from "./schemas.ts";

/** The manual as a page: the models that the visitor may see, what each takes, and a form to try it. */
export function manual({ authorizer, isProject }: ManualOptions): View {
  return async (request) => {
    const address = request.path.replace(/\/docs\/?$/, "");
    const models = (await describedModels(request, authorizer)).map((model) => partOf(model, address));
    const isEmpty = models.length === 0 && (await mayList(request, authorizer));
    return render(request, "cortado/api.html", {
      isEmpty,
      models,
      address,
      origin: `${request.scheme}://${request.host}`,
      isProject,
    });
  };
}

/** True for who may see every model there is. */
async function mayList(request: HttpRequest, authorizer: Authorizer): Promise<boolean> {
  try {
    await authorizer.authorize(request, "list");
    return true;
  } catch (error) {
    if (error instanceof HttpError && error.status < 500) return false;
    throw error;
  }
}

function partOf(model: ModelInfo, address: string): object {
  const { name, access, ready, versions, aliases, handler } = model;
  const body = JSON.stringify({ input: exampleItem(model) });
  return {
    name,
    ready,
    versions,
    isPublic: access === "public",
    isTrained: handler?.options.train !== undefined,
    version: aliases["default"],
    description: handler?.options.description,
    path: `${address}/models/${name}/predict`,
    fields: fieldsOf(inputSchema(model)),
    body,
    quoted: body.replaceAll("'", String.raw`'\''`),
  };
}

function fieldsOf(schema: JsonSchema): object[] {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, part]) => ({
    name,
    type: typeText(part),
    limits: limitsText(part),
    optional: !required.includes(name),
  }));
}

/** `number, null`, `array of number`, `one of "a", "b"`. */
function typeText(schema: JsonSchema): string {
  const { type, items, enum: choices, anyOf } = schema as Record<string, any>;
  if (choices) return `one of ${choices.map((choice: unknown) => JSON.stringify(choice)).join(", ")}`;
  if (anyOf) return anyOf.map(typeText).join(" or ");
  if (type === "array") return `array of ${typeText((items ?? {}) as JsonSchema)}`;
  return [type ?? "anything"].flat().join(" or ");
}

function limitsText(schema: JsonSchema): string {
  const { description, minimum, maximum, minItems, maxItems } = schema as Record<string, any>;
  const items = minItems === maxItems ? bound("exactly", minItems) : [bound("at least", minItems), bound("at most", maxItems)];
  return [description, bound("from", minimum), bound("to", maximum), items].flat().filter(Boolean).join(" ");
}

/** Nothing where there is no bound, or where it is the one of all numbers. */
function bound(word: string, value: unknown): string {
  return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? `${word} ${value}` : "";
}
