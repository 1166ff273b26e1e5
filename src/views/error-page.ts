/*
 * How it works. `errorPage` is what the server asks for the page of an error. The project's own `404.html` comes first,
 * then Cortado's page for the status, then its page for any error. In debug the page explains: the exception and where
 * it was thrown, the place in the template, the addresses there are. Outside debug it says only what a stranger may
 * know. The page must not fail: it is rendered without the apps' context, and when rendering throws, the server falls
 * back to its plain page.
 */
import { dirname } from "node:path";
import { inspect } from "node:util";
import { CortadoError } from "#kernel";
import { html, type HttpRequest, type HttpResponse, type Problem, type RouteListing } from "#http";
import { TemplateError, type TemplateFrame, templateTrace } from "#templates";
import { type SourceExcerpt, sourceExcerpt } from "./source-excerpt.ts";

/** What a developer is told of an error. */
export interface Explanation {
  title: string;
  code: string | undefined;
  /** The place in a template that the error came through, the innermost first. */
  frames: readonly TemplateFrame[];
  /** Where it was thrown, the project's own files marked. */
  stack: readonly StackLine[];
  /** The lines of the project that it came through first. */
  source: SourceExcerpt | undefined;
  /** The addresses that were tried, where none matched. */
  routes: readonly RouteListing[] | undefined;
  causes: readonly string[];
}

export interface StackLine {
  text: string;
  /** In the project's own code, not in a package or in Node. */
  own: boolean;
}

const templateNames: Readonly<Record<string, string>> = { HTTP_CSRF_FAILED: "cortado/403_csrf.html" };

/** Makes the page of an error from templates. Give it to `createServer({ errorPage })`. */
export async function errorPage(request: HttpRequest, problem: Problem): Promise<HttpResponse> {
  const { services } = request;
  const { status, code } = problem;
  const names = [`${status}.html`, templateNames[code] ?? `cortado/${status}.html`, "cortado/error.html"];
  const context = {
    request,
    problem,
    path: request.path,
    debug: services.settings.debug,
    explanation: services.settings.debug ? explain(request, problem) : undefined,
  };
  return html(await services.templates.render(names, context), { status });
}

/** What there is to say of an error in debug. */
export function explain(request: HttpRequest, { status, error }: Problem): Explanation | undefined {
  const isNotFound = status === 404 && request.resolved === undefined;
  if (status < 500 && !isNotFound) return undefined;
  const stack = isNotFound ? [] : readStack(error);
  const own = stack.find((line) => line.own);
  return {
    title: titleOf(error),
    code: error instanceof CortadoError ? error.code : undefined,
    frames: templateTrace(error),
    stack,
    source: own === undefined ? undefined : sourceExcerpt(own.text),
    routes: isNotFound ? request.services.resolver.routes() : undefined,
    causes: causesOf(error),
  };
}

/** An error of a template says its place in its message, and the page shows the place by itself. */
function titleOf(error: unknown): string {
  if (error instanceof TemplateError) return `${error.name}: ${error.problem}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : `Thrown: ${inspect(error)}`;
}

const framework = dirname(import.meta.dirname);

function readStack(error: unknown): StackLine[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const lines = error.stack.split("\n").filter((line) => /^\s+at /.test(line));
  const isOwn = (line: string): boolean => !/node:|node_modules/.test(line) && !line.includes(`${framework}/`);
  return lines.map((line) => ({ text: line.trim(), own: isOwn(line) }));
}

function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  for (let at = error; at instanceof Error && at.cause !== undefined && causes.length < 5; at = at.cause)
    causes.push(at.cause instanceof Error ? String(at.cause) : inspect(at.cause));
  return causes;
}
