import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { CortadoError, packageVersion } from "#kernel";
import type { HttpRequest, Problem, RouteListing } from "#http";
import { templateContext, TemplateError, type TemplateFrame, templateTrace } from "#templates";
import { maskSecrets, ValueText } from "./describe-value.ts";
import {
  type NamedText,
  notedQueries,
  reportContext,
  reportRequest,
  type RequestReport,
  reportSettings,
} from "./request-report.ts";
import { type SourceExcerpt, sourceExcerpt } from "./source-excerpt.ts";

/** What a developer is told of an error. */
export interface Explanation {
  title: string;
  code: string | undefined;
  /** The place in a template that the error came through, the innermost first. */
  frames: readonly TemplateFrame[];
  /** What the names in that template meant. */
  context: readonly NamedText[];
  /** Where it was thrown, the project's own files marked and shown. */
  stack: readonly StackLine[];
  /** The addresses that were tried, where none matched. */
  routes: readonly RouteListing[] | undefined;
  causes: readonly string[];
  request: RequestReport;
  queries: readonly QueryReport[];
  settings: readonly NamedText[];
  versions: string;
}

export interface StackLine {
  text: string;
  /** In the project's own code, not in a package or in Node. */
  own: boolean;
  /** The lines around, of the project's own code. */
  source: SourceExcerpt | undefined;
}

/** A statement that was sent to the database; its values are not shown. */
export interface QueryReport {
  sql: string;
  milliseconds: string;
  line: string | undefined;
}

const mostExcerpts = 8;
const mostQueries = 100;

/** What there is to say of an error in debug; undefined where the answer is what the program meant. */
export async function explain(request: HttpRequest, { status, error }: Problem): Promise<Explanation | undefined> {
  const isNotFound = status === 404 && request.resolved === undefined;
  if (status < 500 && !isNotFound) return undefined;
  const { settings, resolver } = request.services;
  const texts = new ValueText(settings.sensitiveNames);
  return {
    title: titleOf(error),
    code: error instanceof CortadoError ? error.code : undefined,
    frames: templateTrace(error),
    context: reportContext(templateContext(error) ?? {}, texts),
    stack: isNotFound ? [] : readStack(error, settings.root),
    routes: isNotFound ? resolver.routes().filter(({ route }) => !route.startsWith("/cortado/")) : undefined,
    causes: causesOf(error),
    request: await reportRequest(request, texts),
    queries: notedQueries(request)
      .slice(0, mostQueries)
      .map(({ sql, milliseconds, line }) => ({ sql, milliseconds: milliseconds.toFixed(1), line })),
    settings: reportSettings(settings, texts),
    versions: `Cortado ${packageVersion()}, Node ${process.versions.node}`,
  };
}

/** An error of a template says its place in its message, and the page shows the place by itself. */
function titleOf(error: unknown): string {
  if (error instanceof TemplateError) return `${error.name}: ${maskSecrets(error.problem)}`;
  return maskSecrets(error instanceof Error ? `${error.name}: ${error.message}` : `Thrown: ${shownSafely(error)}`);
}

const framework = dirname(dirname(import.meta.dirname));

/** The lines of a stack; the project's own places are written from its folder on. */
function readStack(error: unknown, root: string): StackLine[] {
  if (!(error instanceof Error) || typeof error.stack !== "string") return [];
  const lines = error.stack.split("\n").filter((line) => /^\s+at /.test(line));
  const here = `${pathToFileURL(root).href}/`;
  let excerpts = 0;
  return lines.map((line) => {
    const own = line.includes("file://") && !/node:|node_modules|\(eval at /.test(line) && !line.includes(`${framework}/`);
    const source = own && excerpts < mostExcerpts ? sourceExcerpt(line) : undefined;
    if (source) excerpts += 1;
    return { text: line.trim().replace(here, ""), own, source };
  });
}

function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  for (let at = error; at instanceof Error && at.cause !== undefined && causes.length < 5; at = at.cause)
    causes.push(maskSecrets(at.cause instanceof Error ? `${at.cause.name}: ${at.cause.message}` : shownSafely(at.cause)));
  return causes;
}

/** What was thrown may be anything: something that refuses to be shown, too. */
function shownSafely(value: unknown): string {
  try {
    return inspect(value, { depth: 1, maxStringLength: 500, customInspect: false });
  } catch {
    return "a value that cannot be shown";
  }
}
