import type { LoadingOptions, VersionPolicy } from "#serving";
import { type Command, hasOption, type Invocation, listOption, type OptionConfig, textOption } from "./command.ts";
import { cliErrors } from "./errors.ts";
import { limitOption } from "./limit-options.ts";

/** The options that say when models are loaded and let go. */
export const loadingOptions: Readonly<Record<string, OptionConfig>> = {
  explicit: { type: "boolean", about: "Load and unload models only when that is asked for over HTTP or gRPC." },
  load: {
    type: "string",
    multiple: true,
    value: "NAME",
    about: "With --explicit, a model to load at the start; again for more.",
  },
  "strict-readiness": {
    type: "boolean",
    about: "Not ready while one model does not load, as Triton does. Default: others answer on.",
  },
  lazy: { type: "boolean", about: "Load a model when it is asked for first." },
  memory: { type: "string", value: "SIZE", about: "What the loaded models may occupy together: 500MB, 2GB. Default: no limit." },
  idle: { type: "string", value: "SECONDS", about: "How long a loaded model stays that nobody asks. Default: always." },
  versions: { type: "string", value: "WHICH", about: "Which versions are served: all (the default), latest:2, or 3,5." },
};

/** What those options say. @throws CLI_BAD_ARGUMENT */
export function loadingSettings(command: Command, invocation: Invocation): LoadingOptions {
  const load = listOption(invocation, "load");
  const refuse = (problem: string) => cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem, usage: command.usage });
  const explicit = hasOption(invocation, "explicit");
  if (load.length > 0 && !explicit) throw refuse("--load goes with --explicit; without it every model is loaded");
  return {
    mode: explicit ? "explicit" : "poll",
    load,
    strictReadiness: hasOption(invocation, "strict-readiness"),
    loading: hasOption(invocation, "lazy") ? "lazy" : "eager",
    memory: bytesOf(textOption(invocation, "memory"), "--memory", refuse),
    idle: limitOption(command, invocation, { name: "idle", limit: "idle" }),
    versions: policyOf(textOption(invocation, "versions"), refuse),
  };
}

const units: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** The bytes of `500MB`. */
export function bytesOf(text: string | undefined, option: string, refuse: (problem: string) => Error): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) throw refuse(`${option} is "${text}", and must be a size like 500MB or 2GB`);
  return Math.floor(Number(count) * units[unit!.toUpperCase()]!);
}

function policyOf(text: string | undefined, refuse: (problem: string) => Error): VersionPolicy | undefined {
  if (text === undefined || text === "all") return text;
  const latest = /^latest:([1-9]\d{0,5})$/.exec(text)?.[1];
  if (latest !== undefined) return { latest: Number(latest) };
  if (/^\d+(,\d+)*$/.test(text)) return text.split(",");
  throw refuse(`--versions is "${text}", and must be all, latest:N, or numbers like 3,5`);
}
