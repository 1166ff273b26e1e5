import { spawn } from "node:child_process";
import { once } from "node:events";
import { databaseClient, registerProject } from "#app";
import { type Command, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { cliErrors } from "../errors.ts";
import { projectHere } from "../project-here.ts";

export const dbshell: Command = {
  name: "dbshell",
  summary: "Open the database in its own client: sqlite3 or psql.",
  usage: "cortado dbshell [--database ALIAS] [-- ARGUMENTS OF THE CLIENT]",
  example: 'cortado dbshell -- -c "SELECT 1"',
  arguments: { minimum: 0, maximum: Number.POSITIVE_INFINITY },
  options: databaseOption,
  async run(invocation) {
    const settings = registerProject(await projectHere(invocation.directory));
    const client = databaseClient({ settings }, textOption(invocation, "database"));
    const env = { ...process.env, ...client.env };
    const child = spawn(client.program, [...client.args, ...invocation.args], { stdio: "inherit", env });
    // The client decides what Ctrl+C means.
    const ignore = () => undefined;
    process.on("SIGINT", ignore);
    try {
      const [code] = (await once(child, "exit")) as [number | null];
      return code ?? 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      throw cliErrors.CLI_MISSING_PROGRAM({ command: "dbshell", program: client.program, install: client.install });
    } finally {
      process.off("SIGINT", ignore);
    }
  },
};
