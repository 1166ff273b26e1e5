import { type Database, useDatabases } from "cortado/orm";

const reading = new Set(["query", "rows", "rowsNow", "execute", "insert", "batches"]);

/** The SQL that a database is asked while something runs. */
export async function queriesOf(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const watched = new Proxy(database, {
    get(target, name) {
      const value = (target as any)[name];
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const answer = value.apply(target, args);
        if (reading.has(String(name)) && answer !== undefined) asked.push(String(args[0]));
        return answer;
      };
    },
  });
  useDatabases({ default: watched });
  try {
    await work();
  } finally {
    useDatabases({ default: database });
  }
  return asked;
}
