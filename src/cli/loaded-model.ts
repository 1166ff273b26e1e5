import { type Command, type Invocation, textOption } from "./command.ts";
import { cliErrors } from "./errors.ts";
import { deskOptions, type LoadedStates, ServerDesk } from "./model-desk.ts";
import { ServerClient } from "./server-client.ts";

/** The options of commands that have a running server load models and let them go. */
export const loadedModelOptions = {
  version: { type: "string", value: "N", about: "The version. Default: the newest to load, all of them to let go." },
  url: { ...deskOptions["url"]!, about: "The running server; its token in CORTADO_TOKEN." },
} as const;

/** Has the server do it, and prints how the versions stand then. @throws CLI_NEEDS_SERVER, CLI_SERVER_UNREACHABLE */
export async function changeLoaded(command: Command, invocation: Invocation, change: "load" | "unload"): Promise<void> {
  const url = textOption(invocation, "url");
  if (url === undefined) throw cliErrors.CLI_NEEDS_SERVER({ command: command.name });
  const desk = new ServerDesk(new ServerClient(url));
  print(await desk[change](invocation.args[0]!, textOption(invocation, "version")));
}

function print({ name, states }: LoadedStates): void {
  for (const { version, state, error } of states) console.log(`${name} ${version}  ${state}${error ? `: ${error}` : ""}`);
}
