/*
 * How it works. `errorPage` is what the server asks for the page of an error. In debug, a failure and an address that leads
 * nowhere are explained: where it was thrown, with the source; the place in the template and what its context held; the
 * request, its queries, the settings. What is secret by its name is hidden there. Everybody else gets what the project says:
 * its `errorHandlers`, then its own `404.html`, then Cortado's page for the status, then its page for any error. The page
 * must not fail: it is rendered without the apps' context, and when rendering throws, the server falls back to its plain
 * page.
 */
import { html, type HttpRequest, type HttpResponse, json, type Problem, text, toResponse } from "#http";
import { requestContext } from "./context-processors.ts";
import { maskSecrets } from "./developer/describe-value.ts";
import { explain, type Explanation } from "./developer/explain.ts";
import { explanationText } from "./developer/explanation-text.ts";

/** Makes the page of an error: what a view may return. */
export type ErrorHandler = (request: HttpRequest, problem: Problem) => unknown;

declare module "#kernel" {
  interface ProjectSettings {
    /** The project's own pages of errors, by status: `{ 404: (request) => render(request, "lost.html", {}, { status: 404 }) }`. */
    errorHandlers?: Readonly<Record<number, ErrorHandler>> | undefined;
    /** Parts of names that are secret beside the usual ones; error pages and reports hide what is called so: `["iban"]`. */
    sensitiveNames?: readonly string[] | undefined;
  }
}

/** Which templates a code has, before those of its status. */
const templatesOf: Readonly<Record<string, readonly string[]>> = { HTTP_CSRF_FAILED: ["403_csrf.html", "403.html", "cortado/403_csrf.html"] }; // prettier-ignore

/** Makes the page of an error from templates. Give it to `createServer({ errorPage })`. */
export async function errorPage(request: HttpRequest, problem: Problem): Promise<HttpResponse> {
  const { services } = request;
  const { status, code } = problem;
  const explanation = services.settings.debug ? await explain(request, problem) : undefined;
  if (explanation === undefined) {
    const handler = services.settings.errorHandlers?.[status];
    if (handler !== undefined) return withStatus(await toResponse(await handler(request, problem), request), status);
  }
  const names =
    explanation === undefined ? (templatesOf[code] ?? [`${status}.html`, `cortado/${status}.html`]) : [`cortado/${status}.html`];
  const common = explanation === undefined && status < 500 ? await requestContext(request) : { request };
  const shown = explanation === undefined ? problem : { ...problem, message: maskSecrets(problem.message) };
  const context = { ...common, problem: shown, path: request.path, debug: services.settings.debug, explanation };
  return html(await services.templates.render([...names, "cortado/error.html"], context), { status });
}

/** A handler that says nothing of the status answers with the error's. */
function withStatus(response: HttpResponse, status: number): HttpResponse {
  if (response.status === 200) response.status = status;
  return response;
}

/** Explains an error to programs and terminals, in debug. Give it to `createServer({ explainError })`. */
export async function explainError(
  request: HttpRequest,
  problem: Problem,
  kind: "json" | "text",
): Promise<HttpResponse | undefined> {
  // Programs ask for what may not be there; failures are what they cannot tell by themselves.
  const explanation = kind === "json" && problem.status < 500 ? undefined : await explain(request, problem);
  if (explanation === undefined) return undefined;
  const { status, code, hint } = problem;
  const message = maskSecrets(problem.message);
  if (kind === "text") return text(explanationText(problem, explanation), { status });
  return json({ error: { code, message, ...(hint === undefined ? {} : { hint }), debug: forPrograms(explanation) } }, { status });
}

function forPrograms({ title, causes, frames, stack, queries }: Explanation): object {
  return { title, causes, templates: frames, stack: stack.map((line) => line.text), queries };
}
