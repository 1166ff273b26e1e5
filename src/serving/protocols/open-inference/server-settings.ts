import { isDeepStrictEqual } from "node:util";
import { HttpError, type HttpRequest, type HttpResponse, json } from "#http";
import { type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { bodyBytes } from "../body-bytes.ts";
import { parseObject } from "../json-body.ts";
import type { MethodViews } from "../method-views.ts";

/** What is logged, with the names that Triton has for it. Where it goes is the operator's, and not told. */
export const logSettings = {
  log_file: "",
  log_info: true,
  log_warnings: true,
  log_errors: true,
  log_verbose_level: 0,
  log_format: "ISO8601",
} as const;

/** What Triton's own tracing is set to: off. Cortado's traces are set up in the project. */
export const traceSettings = {
  trace_file: "",
  trace_level: ["OFF"],
  trace_rate: "1000",
  trace_count: "-1",
  log_frequency: "0",
} as const;

/** Settings that are read over HTTP and changed by the operator: `POST` takes what they are already, and refuses the rest. */
export function settingsViews(settings: Readonly<Record<string, unknown>>, options: ProtocolOptions): MethodViews {
  const read = async (request: HttpRequest): Promise<HttpResponse> => {
    await tokenAuthorizerOf(request, options).authorize(request, "list");
    return json(settings);
  };
  const write = async (request: HttpRequest): Promise<HttpResponse> => {
    await tokenAuthorizerOf(request, options).authorize(request, "manage");
    const bytes = await bodyBytes(request);
    const wanted = bytes.byteLength === 0 ? {} : parseObject(request, bytes, undefined);
    for (const [name, value] of Object.entries(wanted)) check(settings, name, value);
    return json(settings);
  };
  return { GET: read, POST: write };
}

/** `null` takes a setting back to what the server has. */
function check(settings: Readonly<Record<string, unknown>>, name: string, value: unknown): void {
  if (!Object.hasOwn(settings, name))
    throw new HttpError(400, `There is no setting "${name}". There are: ${Object.keys(settings).join(", ")}.`);
  if (value === null || isDeepStrictEqual(value, settings[name])) return;
  throw new HttpError(400, `The setting "${name}" is not changed over HTTP.`, {
    hint: "The operator sets it where the server is started.",
  });
}
