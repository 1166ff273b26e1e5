import { queryLog } from "cortado/orm";

/** What `run` gives, and how many queries it sent. */
export async function countedQueries<T>(run: () => Promise<T>): Promise<{ result: T; count: number }> {
  const { result, queries } = await queryLog(run);
  return { result, count: queries.filter(({ isControl }) => !isControl).length };
}
