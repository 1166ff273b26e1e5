import { clearSessions } from "#app";
import type { Command } from "../command.ts";
import { withTables } from "../project-here.ts";

export const clearsessions: Command = {
  name: "clearsessions",
  summary: "Remove the sessions that are over. Run it once a day.",
  usage: "cortado clearsessions",
  example: "cortado clearsessions",
  options: {},
  run: ({ directory }) =>
    withTables(directory, async (tables) => {
      const count = await clearSessions(tables);
      console.log(count === null ? "Sessions go by themselves where this project keeps them." : inWords(count));
    }),
};

function inWords(count: number): string {
  if (count === 0) return "No session is over.";
  return count === 1 ? "1 session is removed." : `${count} sessions are removed.`;
}
