import type { ExecutionProvider, HostSettings, OnnxOptions } from "#serving";
import { type Command, type Invocation, listOption, numberOption, type OptionConfig, textOption } from "./command.ts";
import { cliErrors } from "./errors.ts";
import { bytesOf } from "./loading-options.ts";

/** The options that say how models are run. */
export const runtimeOptions: Readonly<Record<string, OptionConfig>> = {
  threads: { type: "string", value: "N", about: "Threads that work on one run. Default 1." },
  provider: {
    type: "string",
    multiple: true,
    value: "NAME",
    about: "What computes, the preferred first: cpu, cuda, tensorrt, coreml, dml, webgpu, qnn; again for more. Default cpu.",
  },
  "host-memory": {
    type: "string",
    value: "SIZE",
    about: "What a process that runs models may occupy before it is started again. Default: three quarters of the memory.",
  },
};

/** What those options say. @throws CLI_BAD_ARGUMENT */
export function runtimeSettings(command: Command, invocation: Invocation): { onnx: OnnxOptions; hosts: HostSettings } {
  const refuse = (problem: string) => cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem, usage: command.usage });
  const threads = numberOption(command, invocation, { name: "threads", least: 1 });
  const providers = listOption(invocation, "provider") as ExecutionProvider[];
  const memory = bytesOf(textOption(invocation, "host-memory"), "--host-memory", refuse);
  return {
    onnx: { ...(threads === undefined ? {} : { threads }), ...(providers.length > 0 ? { providers } : {}) },
    hosts: memory === undefined ? {} : { memory },
  };
}
