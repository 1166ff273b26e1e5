import { setTimeout as sleep } from "node:timers/promises";
import { type Command, type Invocation, mostSeconds, numberOption, type OptionConfig } from "./command.ts";

/** What is to be stopped: it says that it is not ready, and is closed, which finishes what is in flight. */
export interface Stoppable {
  drain(): void;
  close(): Promise<void>;
  /** What has not ended yet, a line each. */
  unfinished(): string[];
}

/** Seconds of the way from a signal to the end. */
export interface StopSettings {
  /** How long it still takes requests, while it says that it is not ready. */
  drain: number;
  /** How long what is in flight then has. */
  grace: number;
}

/** Five seconds less than Kubernetes, systemd and Docker's clusters give a process at the least. */
export const stopDefaults: StopSettings = { drain: 0, grace: 25 };

/** The options that say how a server stops. */
export const stopOptions: Readonly<Record<string, OptionConfig>> = {
  drain: {
    type: "string",
    value: "SECONDS",
    about: "After SIGTERM, how long it still takes requests while it says that it is not ready. Default 0.",
  },
  grace: { type: "string", value: "SECONDS", about: "How long what is in flight has to be finished then. Default 25." },
};

/** What those options say. @throws CLI_BAD_ARGUMENT */
export function stopSettings(command: Command, invocation: Invocation): StopSettings {
  return {
    drain: numberOption(command, invocation, { name: "drain", most: mostSeconds }) ?? stopDefaults.drain,
    grace: numberOption(command, invocation, { name: "grace", most: mostSeconds }) ?? stopDefaults.grace,
  };
}

/**
 * Stops in order: not ready at once, then closed. What has not ended within the grace period is cut off, and the process ends
 * with 1: a request in flight, or code of the project that goes on after all is closed.
 */
export async function stop(server: Stoppable, { drain, grace }: StopSettings): Promise<void> {
  server.drain();
  if (drain > 0) await sleep(drain * 1000);
  const limit = setTimeout(() => {
    const left = server.unfinished();
    const what = left.length > 0 ? `: ${left.join("; ")}` : "";
    console.error(`What was in flight has not ended within ${grace} seconds, and is cut off${what}.`);
    process.exit(1);
  }, grace * 1000);
  await server.close();
  limit.unref();
}
