import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import { inspect } from "node:util";
import { CortadoError } from "#kernel";
import { currentLanguage, gettextLazy } from "#kernel/i18n";
import { qualityOf } from "./accept.ts";
import { answerHeadersOf } from "./carried-headers.ts";
import { codeOfStatus, HttpError } from "./http-error.ts";
import type { HttpRequest } from "./request.ts";
import { html, type HttpResponse, json } from "./response.ts";
import { viewMarks } from "./view.ts";

/** What an error answer says. Outside debug it holds nothing that a stranger must not see. */
export interface Problem {
  status: number;
  code: string;
  message: string;
  hint?: string | undefined;
  /** `Not Found`: the status in words. */
  reason: string;
  /** The headers that the answer must carry. */
  headers: Readonly<Record<string, string>>;
  /** What was thrown. Show it in debug only. */
  error: unknown;
}

/** Makes the page of a problem: `createServer({ errorPage })`. */
export type ErrorPage = (request: HttpRequest, problem: Problem) => HttpResponse | Promise<HttpResponse>;

/** Tells programs and terminals more of a problem, in debug: `createServer({ explainError })`. Undefined leaves the short answer. */
export type ExplainError = (
  request: HttpRequest,
  problem: Problem,
  kind: "json" | "text",
) => HttpResponse | undefined | Promise<HttpResponse | undefined>;

/** How errors are answered. */
export interface ErrorAnswering {
  debug: boolean;
  errorPage: ErrorPage;
  explainError?: ExplainError | undefined;
}

const serverMessage = gettextLazy("Something went wrong on our side. It was noted, and the request can be sent again.");

/** The status that an error of Fastify or of one of its plugins carries; others' errors are failures, whatever they carry. */
function pluginStatus(error: unknown): number | undefined {
  const { code, expose, statusCode } = (error ?? {}) as { code?: unknown; expose?: unknown; statusCode?: unknown };
  const isMeant = expose === true || (typeof code === "string" && code.startsWith("FST_"));
  return isMeant && typeof statusCode === "number" ? statusCode : undefined;
}

/** What is to be said of an error. */
export function describeError(error: unknown, debug: boolean): Problem {
  const status = error instanceof HttpError ? error.status : (pluginStatus(error) ?? 500);
  const reason = STATUS_CODES[status] ?? "Error";
  if (error instanceof HttpError) {
    const { code, message, hint, headers } = error;
    return { status, code, message, hint, reason, headers, error };
  }
  const headers = answerHeadersOf(error);
  if (status < 500) return { status, code: codeOfStatus(status), message: (error as Error).message, reason, headers, error };
  if (!debug) return { status, code: "HTTP_SERVER_ERROR", message: String(serverMessage), reason, headers, error };
  const message = error instanceof Error ? error.message : inspect(error);
  const known = error instanceof CortadoError ? error : undefined;
  return { status, code: known?.code ?? "HTTP_SERVER_ERROR", message, hint: known?.hint, reason, headers, error };
}

/** Whether the client of this request is a program. */
export function wantsJson(request: HttpRequest): boolean {
  return request.prefersJson || (request.resolved !== undefined && viewMarks(request.resolved.view).api === true);
}

/** The page where programs are expected: JSON, but for who names HTML among what it takes, as browsers do and "anything" does not. */
export function programErrorPage(request: { headers: IncomingHttpHeaders }, problem: Problem): HttpResponse {
  return namesHtml(request.headers.accept) ? plainErrorPage(undefined, problem) : jsonProblem(problem);
}

function namesHtml(accept = ""): boolean {
  return /\btext\/html\b/i.test(accept) && qualityOf(accept, "text/html") > 0;
}

/** A problem as programs are told it: `{ error: { code, message, hint } }`. */
export function jsonProblem({ status, code, message, hint }: Problem): HttpResponse {
  return json({ error: { code, message, ...(hint === undefined ? {} : { hint }) } }, { status });
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The page without templates: where there are none, and where they fail themselves. */
export function plainErrorPage(_request: HttpRequest | undefined, { status, reason, message, hint }: Problem): HttpResponse {
  const more = hint === undefined ? "" : `<p style="color:#6b5d52">${escape(hint)}</p>`;
  const page = `<!doctype html><html lang="${currentLanguage()}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${status} ${escape(reason)}</title>
<body style="font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem;color:#231a14;background:#faf8f5">
<p style="color:#7a4a21">${status}</p><h1>${escape(reason)}</h1><p>${escape(message)}</p>${more}</body></html>`;
  return html(page, { status });
}

/** Whether this is a failure of the server's own: that the client has left is none. */
export function isFailure(request: HttpRequest, { status, error }: Pick<Problem, "status" | "error">): boolean {
  return status >= 500 && !(request.signal.aborted && error === request.signal.reason);
}

/** Tells the log of an answer that is no fault of the client's: in a line what was refused on purpose, else with its stack. */
export function logProblem(request: HttpRequest, { status, error }: Pick<Problem, "status" | "error">): void {
  if (!isFailure(request, { status, error })) return;
  if (!(error instanceof HttpError) || status === 500) return request.log.error({ err: error }, "The request failed.");
  const { code, message, headers } = error;
  request.log.warn({ code, status, model: headers["cortado-model"] }, message);
}

/** Answers an error: JSON for programs, the project's page for people, the plain page when that fails too. */
export async function answerError(request: HttpRequest, error: unknown, options: ErrorAnswering): Promise<HttpResponse> {
  const problem = describeError(error, options.debug);
  logProblem(request, problem);
  const response = await makePage(request, problem, options);
  for (const name in problem.headers) response.setHeader(name, problem.headers[name]!);
  response.vary("Accept");
  return response;
}

async function makePage(request: HttpRequest, problem: Problem, options: ErrorAnswering): Promise<HttpResponse> {
  const { debug, errorPage, explainError } = options;
  const json = wantsJson(request);
  try {
    if (debug && explainError !== undefined && (json || !request.accepts("text/html"))) {
      const explained = await explainError(request, problem, json ? "json" : "text");
      if (explained !== undefined) return explained;
    }
    return json ? jsonProblem(problem) : await errorPage(request, problem);
  } catch (failure) {
    request.log.error({ err: failure }, "The error page failed.");
    return json ? jsonProblem(problem) : plainErrorPage(request, problem);
  }
}
