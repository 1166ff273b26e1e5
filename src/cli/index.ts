export type { Command, Invocation, OptionConfig } from "./command.ts";
export { cliErrors } from "./errors.ts";
export { main } from "./main.ts";
