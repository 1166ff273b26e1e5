import { didYouMean } from "#kernel";
import { servingErrors } from "../../errors.ts";

/** What can compute an ONNX model. Which of them a machine has depends on its system and its libraries. */
export type ExecutionProvider = (typeof executionProviders)[number];

export const executionProviders = ["cpu", "cuda", "tensorrt", "coreml", "dml", "webgpu", "qnn"] as const;

/** An execution provider with the device that it is to use, where there are several. */
export interface ProviderChoice {
  name: ExecutionProvider;
  /** The number of the device. Default 0. */
  deviceId?: number;
}

/** How ONNX models are run. */
export interface OnnxOptions {
  /** Threads that work on one run. Default 1: other runs use the other cores, and nothing waits for a second thread. */
  threads?: number;
  /**
   * What computes, the preferred first: `["cuda"]`. What one of them does not know is computed by the next, and at last by
   * `"cpu"`. A version does not load where one of them is absent. Default `["cpu"]`.
   */
  providers?: readonly (ExecutionProvider | ProviderChoice)[];
  /**
   * Bytes that the process of a version may occupy. With it the version has a process of its own, which is ended and
   * started again when it occupies more.
   */
  memory?: number;
}

/** What a model host is told about a session. */
export interface SessionSettings {
  threads: number;
  providers: readonly ProviderChoice[];
}

/** @throws SERVING_BAD_RUNTIME */
export function sessionSettings({ threads = 1, providers = ["cpu"], memory }: OnnxOptions): SessionSettings {
  requireCount("threads", threads);
  if (memory !== undefined) requireCount("memory", memory);
  if (!Array.isArray(providers) || providers.length === 0) throw refused("providers", "is not a list of names");
  return { threads, providers: providers.map((choice) => providerChoice(choice as ExecutionProvider | ProviderChoice)) };
}

function requireCount(option: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw refused(option, `is ${value}, and has to be a whole number from 1 on`);
}

function providerChoice(choice: ExecutionProvider | ProviderChoice): ProviderChoice {
  const given = typeof choice === "string" ? { name: choice } : choice;
  if (executionProviders.includes(given.name)) return given;
  const known = executionProviders.join(", ");
  throw refused(
    "providers",
    `names "${String(given.name)}". There are: ${known}`,
    didYouMean(String(given.name), executionProviders),
  );
}

function refused(option: string, problem: string, hint?: string): Error {
  return servingErrors.SERVING_BAD_RUNTIME({ runtime: "onnx", option, problem, hint });
}
