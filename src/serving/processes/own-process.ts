import type { Breaker } from "./breaker.ts";
import { HostLost, type LossCause } from "./host-lost.ts";
import { readableBytes } from "./readable-bytes.ts";
import type { Mortal, Supervised } from "./supervisor.ts";
import { withinTime } from "./within-time.ts";

/** Milliseconds between two looks at how much memory a process has. */
const LOOK_EVERY = 250;

/** A process for one copy of a model. */
export interface OwnProcess extends Mortal {
  /** Why it ended, when it has. */
  readonly lost: Error | undefined;
  /** Bytes of memory that it occupies, where the system tells. */
  readonly memory: number | undefined;
  /** Ends it at once. What waits on it is rejected with `HostLost`. */
  kill(reason: string, kind: LossCause): void;
}

export interface OwnProcessOptions<P extends OwnProcess> {
  /** The model's name, for messages. */
  model: string;
  breaker: Breaker;
  /** Milliseconds that loading may take. */
  loadWithin: number;
  make(): P;
  load(process: P): Promise<void>;
  /** What is thrown where it ends while it loads. */
  unloadable(reason: string): Error;
  /** Lets one go that did not load, or is not needed any more. */
  end(process: P): void | Promise<void>;
}

/** How a supervisor holds a process that is for one copy of a model alone: whatever ends it is the model's failure. */
export function ownProcess<P extends OwnProcess>(options: OwnProcessOptions<P>): Supervised<P> {
  const { model, breaker, loadWithin } = options;
  let starting: P | undefined;
  let givenUp = false;
  const startOnce = async (): Promise<P> => {
    const process = (starting = options.make());
    const overran = () => process.kill(`loading took longer than ${loadWithin} ms`, "crashed");
    try {
      await withinTime(loadWithin, options.load(process), overran);
      return process;
    } catch (error) {
      void options.end(process);
      throw error;
    } finally {
      starting = undefined;
    }
  };
  return {
    model,
    breaker,
    async start(): Promise<P> {
      try {
        return await startOnce().catch((error: unknown) => {
          // Who ends it from outside says little of what it loads.
          if (error instanceof HostLost && error.kind === "killed" && !givenUp) return startOnce();
          throw error;
        });
      } catch (error) {
        if (!(error instanceof HostLost)) throw error;
        if (error.kind !== "ended") breaker.fail(error.message);
        throw options.unloadable(error.message);
      }
    },
    giveUp(): void {
      givenUp = true;
      starting?.kill("it is not needed any more", "ended");
    },
    end: (process) => options.end(process),
    onLost({ lost }): void {
      if (lost instanceof HostLost && lost.kind !== "ended") breaker.fail(lost.message);
    },
  };
}

/** Ends a process when it has more bytes than it may, where there is a limit. */
export function limitMemory(process: OwnProcess, limit: number | undefined): void {
  if (limit === undefined) return;
  const looks = setInterval(() => {
    if ((process.memory ?? 0) > limit) process.kill(`it had more than ${readableBytes(limit)} of memory`, "memory");
  }, LOOK_EVERY).unref();
  void process.gone.then(() => clearInterval(looks));
}
