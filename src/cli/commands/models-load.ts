import { type Command, type Invocation, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { deskOptions, type LoadedStates, ServerDesk } from "../model-desk.ts";
import { ServerClient } from "../server-client.ts";

const options = {
  version: { type: "string", value: "N", about: "The version. Default: the newest to load, all of them to let go." },
  url: { ...deskOptions["url"]!, about: "The running server; its token in CORTADO_TOKEN." },
} as const;

export const modelsLoad: Command = {
  name: "models load",
  summary: "Have a running server load a model, or load it again where its files have changed.",
  usage: "cortado models load MODEL [--version N] --url URL",
  example: "cortado models load digits --url http://127.0.0.1:8080",
  arguments: { minimum: 1, maximum: 1 },
  options,
  run: async (invocation) => {
    const desk = serverDesk(modelsLoad, invocation);
    print(await desk.load(invocation.args[0]!, textOption(invocation, "version")));
  },
};

export const modelsUnload: Command = {
  name: "models unload",
  summary: "Have a running server let a model go, when what is in flight has been answered.",
  usage: "cortado models unload MODEL [--version N] --url URL",
  example: "cortado models unload digits --url http://127.0.0.1:8080",
  arguments: { minimum: 1, maximum: 1 },
  options,
  run: async (invocation) => {
    const desk = serverDesk(modelsUnload, invocation);
    print(await desk.unload(invocation.args[0]!, textOption(invocation, "version")));
  },
};

/** @throws CLI_NEEDS_SERVER, CLI_SERVER_UNREACHABLE */
function serverDesk(command: Command, invocation: Invocation): ServerDesk {
  const url = textOption(invocation, "url");
  if (url === undefined) throw cliErrors.CLI_NEEDS_SERVER({ command: command.name });
  return new ServerDesk(new ServerClient(url));
}

function print({ name, states }: LoadedStates): void {
  for (const { version, state, error } of states) console.log(`${name} ${version}  ${state}${error ? `: ${error}` : ""}`);
}
