import { HttpError, type HttpRequest, type HttpResponse, json, utf8Text } from "#http";
import type { ModelGlance } from "../../models/model-info.ts";
import { jsonSafe } from "../../tensors/write-json.ts";
import { type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { askOf } from "../ask-of.ts";
import { bodyBytes } from "../body-bytes.ts";
import { parseValue } from "../json-body.ts";
import { hasOwnInput } from "../own-input.ts";
import { predictionHeaders } from "../prediction-headers.ts";
import { csvItems } from "../../bodies/mlflow/csv-items.ts";
import { bodyItems } from "../../bodies/mlflow/body-items.ts";

/** `POST invocations`: rows of a table, or instances and inputs as TensorFlow Serving has them, through the handler. */
export async function invocationsView(
  request: HttpRequest,
  { name }: { name: string },
  options: ProtocolOptions,
): Promise<HttpResponse> {
  const { models } = request.services;
  const model = models.glance(name);
  await tokenAuthorizerOf(request, options).authorize(request, "predict", model);
  const { items, unwrapped } = await readItems(request, model);
  const prediction = await models.predict(name, items, askOf(request));
  const outputs = prediction.outputs.map(jsonSafe);
  return json(unwrapped ? outputs[0] : { predictions: outputs }, { headers: predictionHeaders(prediction) });
}

interface Items {
  items: readonly unknown[];
  /** The body was the item itself, and its answer goes back so. */
  unwrapped: boolean;
}

async function readItems(request: HttpRequest, model: ModelGlance): Promise<Items> {
  const type = contentType(request.headers["content-type"]);
  const bytes = await bodyBytes(request);
  const signature = hasOwnInput(model) ? undefined : model.signature;
  if (type === "text/csv") return { items: csvItems(utf8Text(bytes), signature), unwrapped: false };
  return bodyItems(parseValue(request, bytes, signature), signature);
}

/** `application/json` or `text/csv`, in UTF-8; MLflow's own clients name nothing else. */
function contentType(header = ""): string {
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  const known = type === "application/json" || type === "text/csv" || type === "application/csv";
  if (!known) throw unsupported(`the content type "${type}"`);
  const other = parameters.find((parameter) => !/^charset="?utf-?8"?$/.test(parameter));
  if (other !== undefined) throw unsupported(`the parameter "${other}"`);
  return type === "application/csv" ? "text/csv" : type;
}

function unsupported(what: string): HttpError {
  return new HttpError(415, `This takes application/json and text/csv in UTF-8, and ${what} was given.`);
}
