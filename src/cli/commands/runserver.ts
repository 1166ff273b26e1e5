import { dirname } from "node:path";
import { superviseServer } from "#app";
import { type Command, hasOption, portOption, textOption } from "../command.ts";
import { configHere, projectHere } from "../project-here.ts";
import { listenHere } from "../listen-here.ts";

export const runserver: Command = {
  name: "runserver",
  summary: "Serve the project for development, and again whenever a file changes.",
  usage: "cortado runserver [--port N] [--host ADDRESS] [--no-reload]",
  example: "cortado runserver --port 8001",
  options: {
    port: { type: "string", value: "N", about: "The port. Default 8000; 0 takes a free one." },
    host: { type: "string", value: "ADDRESS", about: "The address to listen on. Default 127.0.0.1." },
    "no-reload": { type: "boolean", about: "Stay as started when files change." },
  },
  async run(invocation) {
    const port = portOption(runserver, invocation) ?? 8000;
    const host = textOption(invocation, "host") ?? "127.0.0.1";
    if (hasOption(invocation, "no-reload")) return listenHere(await projectHere(invocation.directory), { host, port });
    // The project is not loaded here: it may have an error that is mended while this runs.
    return superviseServer(dirname(configHere(invocation.directory)), [
      "runserver",
      "--no-reload",
      "--host",
      host,
      "--port",
      String(port),
    ]);
  },
};
