import type { FormSource, SubmittedData } from "./form-data.ts";

/** What a request has to offer so that a form can read it. */
export interface FormRequest {
  readonly method: string;
  form(): Promise<{ data: FormSource; files: FormSource }>;
  /** The body as JSON; a request without it is read as a form. */
  json?(): Promise<unknown>;
  readonly headers?: { get(name: string): string | null | undefined } | Readonly<Record<string, unknown>> | undefined;
}

/** What was sent: the fields of a form, or the properties of an object in JSON. */
export async function submission(request: FormRequest): Promise<{ data: SubmittedData; files?: FormSource }> {
  const { data, ...rest } = await listSubmission(request);
  return { ...rest, data: Array.isArray(data) ? {} : (data as SubmittedData) };
}

/** As `submission`, for what takes a list of objects too. What is neither is read as nothing. */
export async function listSubmission(
  request: FormRequest,
): Promise<{ data: SubmittedData | readonly Readonly<Record<string, unknown>>[]; files?: FormSource }> {
  if (request.json === undefined || !isJson(contentType(request))) return request.form();
  const value = await request.json();
  return { data: typeof value === "object" && value !== null ? (value as SubmittedData) : {} };
}

function contentType({ headers }: FormRequest): string {
  if (headers === undefined) return "";
  const get = (headers as { get?: unknown }).get;
  const value =
    typeof get === "function"
      ? (get.call(headers, "content-type") as unknown)
      : (headers as Record<string, unknown>)["content-type"];
  return typeof value === "string" ? value : "";
}

function isJson(type: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type);
}
