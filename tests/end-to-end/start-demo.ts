import { resolve } from "node:path";
import { type Served, startServer } from "./processes.ts";

/** The demo, served from a folder of its own. */
export interface Demo extends Served {
  folder: string;
}

/** Starts `npm run demo`, on a free port unless one is given, with its tables and files in a folder. */
export async function startDemo(folder: string, environment: Record<string, string> = {}, port = "0"): Promise<Demo> {
  const env = {
    ...process.env,
    DATABASE_URL: `sqlite:${folder}/cafe.sqlite3`,
    STORAGE_URL: `file:${folder}/storage`,
    ...environment,
  };
  const options = { cwd: resolve(import.meta.dirname, "../.."), env, pattern: /Cafe is served at http:\S+[\s\S]*Ctrl-C/ };
  return { ...(await startServer("npm", ["run", "demo", "--", "--port", port], options)), folder };
}
