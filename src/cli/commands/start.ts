import { type Command, portOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { listenHere } from "../listen-here.ts";
import { projectHere } from "../project-here.ts";
import { stopOptions, stopSettings } from "../stopping.ts";

export const start: Command = {
  name: "start",
  summary: "Serve the project in production (CORTADO_ENV=production).",
  usage: "cortado start [--port N] [--host ADDRESS]",
  example: "SECRET_KEY=… cortado start --host 0.0.0.0 --port 8000",
  options: {
    port: { type: "string", value: "N", about: "The port. Default: PORT, else 8000." },
    host: { type: "string", value: "ADDRESS", about: "The address to listen on. Default 127.0.0.1." },
    ...stopOptions,
  },
  async run(invocation) {
    process.env["CORTADO_ENV"] ??= "production";
    const port = portOption(start, invocation) ?? environmentPort() ?? 8000;
    const host = textOption(invocation, "host") ?? "127.0.0.1";
    return listenHere(await projectHere(invocation.directory), { host, port, stopping: stopSettings(start, invocation) });
  },
};

/** The port that platforms give; an empty one is none. @throws CLI_BAD_ARGUMENT */
function environmentPort(): number | undefined {
  const text = process.env["PORT"]?.trim() ?? "";
  if (text === "") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  const problem = `PORT is "${text}" in the environment, and must be a whole number from 0 to 65535`;
  throw cliErrors.CLI_BAD_ARGUMENT({ command: start.name, problem, usage: start.usage });
}
