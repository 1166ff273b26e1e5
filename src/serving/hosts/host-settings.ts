import { availableParallelism, totalmem } from "node:os";

/** The processes in which models run. */
export interface HostSettings {
  /** Bytes that one of them may occupy before it is ended and started again. Default: three quarters of the machine's memory. */
  memory?: number | undefined;
  /**
   * A folder through which the web processes of this machine share one host, so that there is one copy of each model. It is
   * made if it is not there, and nobody else may enter it. Default: each process has a host of its own.
   */
  shared?: string | undefined;
  /** How a new version is tried, in a process of its own, before it may join the others. */
  quarantine?: QuarantineSettings | undefined;
}

/** The limits of a trial. */
export interface QuarantineSettings {
  /** How long it may take. Default 120. */
  seconds?: number | undefined;
  /** Bytes that its process may occupy. Default: as `memory`. */
  memory?: number | undefined;
}

/** The settings with what goes where nothing is said. */
export function hostLimits({ memory = defaultMemory(), quarantine = {} }: HostSettings) {
  const { seconds = 120, memory: trialMemory = memory } = quarantine;
  return { memory, trial: { seconds, memory: trialMemory, atOnce: availableParallelism() } };
}

/** Of the container's memory, where it is less than the machine's. */
function defaultMemory(): number {
  const allowed = process.constrainedMemory();
  const machine = totalmem();
  return Math.floor(0.75 * (allowed > 0 && allowed < machine ? allowed : machine));
}
