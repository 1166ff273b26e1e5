import { queryLog } from "cortado/orm";

/** What `run` gives, and how many queries it sent. */
export async function countedQueries<T>(run: () => PromiseLike<T>): Promise<{ result: T; count: number }> {
  const { result, queries } = await queryLog(async () => await run());
  return { result, count: queries.filter(({ isControl }) => !isControl).length };
}
