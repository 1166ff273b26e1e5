import { type LimitDefaults, type LimitName, possibleInstead } from "#serving";
import { checkedNumber, type Command, type Invocation, type OptionConfig } from "./command.ts";

/** The options that say how every served model runs. */
export const limitOptions: Readonly<Record<string, OptionConfig>> = {
  instances: { type: "string", value: "N", about: "How many copies of a model run side by side. Default 1." },
  "max-batch": { type: "string", value: "N", about: "The most rows in one run; 1 runs each alone. Default 32." },
  queue: { type: "string", value: "N", about: "How many rows may wait for a model; what comes then is refused. Default 256." },
  deadline: { type: "string", value: "MS", about: "Milliseconds in which an answer must come. Default 30000." },
};

/** What those options say. @throws CLI_BAD_ARGUMENT */
export function limitSettings(command: Command, invocation: Invocation): LimitDefaults {
  const maxBatch = limitOption(command, invocation, { name: "max-batch", limit: "batch.maxSize" });
  const maxQueue = limitOption(command, invocation, { name: "queue", limit: "queue.maxSize" });
  return {
    instances: limitOption(command, invocation, { name: "instances", limit: "instances" }),
    deadline: limitOption(command, invocation, { name: "deadline", limit: "deadline" }),
    batch: maxBatch === undefined ? undefined : { maxSize: maxBatch },
    queue: maxQueue === undefined ? undefined : { maxSize: maxQueue },
  };
}

/** The number of an option, held against what handlers and settings may say of it. @throws CLI_BAD_ARGUMENT */
export function limitOption(
  command: Command,
  invocation: Invocation,
  { name, limit }: { name: string; limit: LimitName },
): number | undefined {
  return checkedNumber(command, invocation, { name, possibleInstead: (value) => possibleInstead(limit, value) });
}
