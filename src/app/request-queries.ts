import type { ProjectSettings } from "#kernel";
import type { Middleware } from "#http";
import { listenToQueries, type LoggedQuery, onQuery, readOwnWrites } from "#orm";
import { noteQueries } from "#views";
import { declaredDatabases } from "./open-databases.ts";

/** What requests that are not logged yet have asked of the databases, by the request's id. */
const told = new Map<string, string>();

/** What stands around a project's requests for the sake of its databases. */
export function databaseMiddleware(settings: ProjectSettings): readonly Middleware[] {
  const hasReplicas = Object.values(declaredDatabases(settings)).some(({ replicaOf }) => replicaOf !== undefined);
  return [...(hasReplicas ? [readingOwnWrites] : []), ...(settings.mode === "development" ? [countingQueries] : [])];
}

const readingOwnWrites: Middleware = (_request, next) => readOwnWrites(next);

/** Counts the queries of a request for its line in the log. */
const countingQueries: Middleware = async (request, next) => {
  const queries: LoggedQuery[] = [];
  noteQueries(request, queries);
  try {
    return await listenToQueries((query) => void (query.isControl || queries.push(query)), next);
  } finally {
    if (queries.length > 0) told.set(request.id, summaryOf(queries));
  }
};

/** `12 queries in 4.2 ms, 9 alike at shop/views.ts:31:20` */
function summaryOf(queries: readonly LoggedQuery[]): string {
  const milliseconds = queries.reduce((sum, query) => sum + query.milliseconds, 0);
  const alike = [...Map.groupBy(queries, ({ sql }) => sql).values()].sort((a, b) => b.length - a.length)[0]!;
  const repeated = alike.length > 2 ? `, ${alike.length} alike${alike[0]!.line ? ` at ${alike[0]!.line}` : ""}` : "";
  return `${queries.length} ${queries.length === 1 ? "query" : "queries"} in ${milliseconds.toFixed(1)} ms${repeated}`;
}

/** What a request has asked of the databases, once. */
export function takeQuerySummary(requestId: string | undefined): string | undefined {
  if (requestId === undefined) return undefined;
  const summary = told.get(requestId);
  told.delete(requestId);
  return summary;
}

/** Shows queries that take long: the SQL without its values, and the line of the program. Gives a function that stops it. */
export function watchSlowQueries({ mode, slowQuery }: ProjectSettings): () => void {
  const limit = slowQuery ?? (mode === "development" ? 100 : undefined);
  if (limit === undefined) return () => undefined;
  return onQuery(({ milliseconds, line, sql, isControl }) => {
    if (milliseconds < limit || isControl) return;
    console.warn(`A query took ${milliseconds.toFixed(0)} ms${line ? `, asked for at ${line}` : ""}:\n  ${sql}`);
  });
}
