import type { SourceSettings } from "#serving";
import {
  type Command,
  type Invocation,
  listOption,
  mostSeconds,
  numberOption,
  type OptionConfig,
  textOption,
} from "./command.ts";

/** The options of commands that bring models from elsewhere. */
export const sourceOptions: Readonly<Record<string, OptionConfig>> = {
  allow: {
    type: "string",
    multiple: true,
    value: "ADDRESS",
    about: "The beginning of addresses from which models may come; again for more. Default: those that are named.",
  },
  cache: { type: "string", value: "DIR", about: "Where downloads are kept. Default: the user's cache folder." },
  poll: { type: "string", value: "SECONDS", about: "How often addresses are looked at. Default 30; 0 looks once." },
};

/** What those options say. @throws CLI_BAD_ARGUMENT */
export function sourceSettings(command: Command, invocation: Invocation): SourceSettings {
  const allow = listOption(invocation, "allow");
  const poll = numberOption(command, invocation, { name: "poll", most: mostSeconds });
  return {
    allow: allow.length > 0 ? allow : undefined,
    cache: textOption(invocation, "cache"),
    poll: poll === 0 ? false : poll,
  };
}
