import type { LimitDefaults } from "#serving";
import { type Command, type Invocation, numberOption, type OptionConfig } from "./command.ts";
import { cliErrors } from "./errors.ts";

/** The options that say how every served model runs. */
export const limitOptions: Readonly<Record<string, OptionConfig>> = {
  instances: { type: "string", value: "N", about: "How many copies of a model run side by side. Default 1." },
  "max-batch": { type: "string", value: "N", about: "The most rows in one run; 1 runs each alone. Default 32." },
  queue: { type: "string", value: "N", about: "How many rows may wait for a model; what comes then is refused. Default 256." },
  deadline: { type: "string", value: "MS", about: "Milliseconds in which an answer must come. Default 30000." },
};

/** What those options say. @throws CLI_BAD_ARGUMENT */
export function limitSettings(command: Command, invocation: Invocation): LimitDefaults {
  const from1 = (name: string) => {
    const value = numberOption(command, invocation, name);
    if (value !== 0) return value;
    const problem = `--${name} is 0, and must be a whole number from 1`;
    throw cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem, usage: command.usage });
  };
  const [maxBatch, maxQueue] = [from1("max-batch"), from1("queue")];
  return {
    instances: from1("instances"),
    deadline: from1("deadline"),
    batch: maxBatch === undefined ? undefined : { maxSize: maxBatch },
    queue: maxQueue === undefined ? undefined : { maxSize: maxQueue },
  };
}
