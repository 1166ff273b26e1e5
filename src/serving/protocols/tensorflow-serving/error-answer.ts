import { CortadoError } from "#kernel";
import { type HttpRequest, HttpResponse } from "#http";
import { errorText, errorToTell } from "../error-to-tell.ts";
import type { Address } from "./address.ts";
import { prettyJson } from "../../bodies/tensorflow-serving/write-json.ts";

/** An error as TensorFlow Serving writes it: `{"error": "…"}`. */
export function errorAnswer(request: HttpRequest, error: unknown, address: Address): HttpResponse {
  const { status, message, headers } = describeError(request, error, address);
  return new HttpResponse(prettyJson({ error: message }), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

interface Described {
  status: number;
  message: string;
  headers?: Readonly<Record<string, string>>;
}

function describeError(request: HttpRequest, error: unknown, address: Address): Described {
  const own = error instanceof CortadoError ? asTensorFlow(error.code, address) : undefined;
  if (own !== undefined) return own;
  const told = errorToTell(error, request, address.model ?? "");
  return { status: told.status, message: errorText(told), headers: told.headers };
}

/** The answers whose words and status its clients know. */
function asTensorFlow(code: string, { kind, model, version, label }: Address): Described | undefined {
  const looks = kind === "status" || kind === "metadata";
  if (code === "SERVING_UNKNOWN_ALIAS") return { status: 400, message: `Unrecognized servable version label: ${label}` };
  if (code !== "SERVING_UNKNOWN_MODEL" && code !== "SERVING_UNKNOWN_VERSION") return undefined;
  if (!looks || kind === "metadata") {
    const wanted = version === undefined ? `Latest(${model})` : `Specific(${model}, ${version})`;
    return { status: 404, message: `Servable not found for request: ${wanted}` };
  }
  const wanted = version === undefined ? "any versions" : `version ${version}`;
  return { status: 404, message: `Could not find ${wanted} of model ${model}` };
}
