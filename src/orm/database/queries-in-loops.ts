import { ormErrors } from "../errors.ts";
import { wrapQueries } from "./query-watch.ts";

/** How patient `failOnQueriesInLoops()` is. */
export interface LoopOptions {
  /** How often a line may send the same statement; default 4. */
  readonly limit?: number;
}

/**
 * Runs, and refuses a statement that the same line of the program sends more often than `limit`: a query in a
 * loop, which one query for all rows would do. For tests; a request or a task is a good piece to run.
 *
 * ```ts
 * await failOnQueriesInLoops(async () => {
 *   for (const coffee of await Coffee.objects.all()) await Review.objects.filter({ id: coffee.id }).count();
 * }); // ORM_QUERY_IN_LOOP, with the line and what to write instead
 * ```
 * @throws ORM_QUERY_IN_LOOP
 */
export function failOnQueriesInLoops<T>(run: () => Promise<T>, { limit = 4 }: LoopOptions = {}): Promise<T> {
  const sent = new Map<string, number>();
  return wrapQueries(async ({ sql, line }, next) => {
    if (line !== undefined && isStatement(sql)) {
      const key = `${line} ${shapeOf(sql)}`;
      const times = (sent.get(key) ?? 0) + 1;
      sent.set(key, times);
      if (times > limit) throw ormErrors.ORM_QUERY_IN_LOOP({ line, times, sql, advice: adviceFor(sql) });
    }
    return next();
  }, run);
}

const isStatement = (sql: string) => !/^\s*(?:begin|commit|rollback|savepoint|release)\b/i.test(sql);

/** Statements that differ in how many values they list are the same. */
function shapeOf(sql: string): string {
  return sql.replace(/\((?:\s*(?:\?\d*|\$\d+)\s*,?)+\)/g, "(…)");
}

function adviceFor(sql: string): string {
  const [verb] = /^\w+/.exec(sql.trim().toUpperCase()) ?? [""];
  if (verb === "INSERT") return "Insert all rows at once: bulkCreate([…]).";
  if (verb === "UPDATE") return "Change all rows at once: filter(…).update(…), or bulkUpdate(rows, […]).";
  if (verb === "DELETE") return "Delete all rows at once: filter({ pk: { in: keys } }).delete().";
  return 'Ask once, before the loop: .with("relation"), prefetchRelated(rows, "relation"), inBulk(keys), or filter({ field: { in: values } }).';
}
