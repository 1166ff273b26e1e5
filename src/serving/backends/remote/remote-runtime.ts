import type { Runner, Runtime, RuntimeVersion } from "../../engines/runtime.ts";
import { CONNECTIONS, RemoteClient } from "./remote-client.ts";
import { type RemoteOptions, remoteUrl } from "./remote-options.ts";

/** Milliseconds between two looks whether an engine that could not be reached is there again. */
const LOOK_EVERY = 1000;

/** What a kind of engine elsewhere is made of. */
export interface RemoteKind {
  kind: string;
  /** The function that makes the runtime, for messages. */
  name: string;
  /** Finds out what the model takes and gives, and gives what runs it. */
  connect(client: RemoteClient, context: RemoteContext): Promise<Runner>;
}

/** What a runner of an engine elsewhere knows. */
export interface RemoteContext {
  /** What Cortado calls the model. */
  model: string;
  /** Milliseconds in which an answer must come. */
  deadline: number;
  /** How many requests go side by side. */
  slots: number;
}

/**
 * A runtime whose model runs elsewhere: it needs no files, and has one version. Where the engine cannot be reached when the
 * version is loaded, it is looked for again and again, and the version loaded when it is there.
 * @throws SERVING_BAD_REMOTE
 */
export function remoteRuntime(options: RemoteOptions, { kind, name, connect }: RemoteKind): Runtime {
  const url = remoteUrl(name, options);
  return engineElsewhere(kind, async (version) => {
    const context = contextOf(version, options);
    const client = new RemoteClient({ ...options, url, model: version.model, deadline: context.deadline });
    try {
      return await connect(client, context);
    } catch (error) {
      client.close();
      throw error;
    }
  });
}

/** The runtime of an engine elsewhere, which `connect` connects to. */
export function engineElsewhere(kind: string, connect: (version: RuntimeVersion) => Promise<Runner>): Runtime {
  let state = "asked";
  let missing: RuntimeVersion | undefined;
  let nextLook = 0;
  const load = async (version: RuntimeVersion): Promise<Runner> => {
    try {
      return await connect(version);
    } catch (error) {
      missing = version;
      nextLook = performance.now() + LOOK_EVERY;
      throw error;
    }
  };
  return {
    kind,
    needsFiles: false,
    load: async (version) => {
      missing = undefined;
      return load(version);
    },
    async fingerprint() {
      if (missing === undefined || performance.now() < nextLook) return state;
      const wanted = missing;
      missing = undefined;
      void load(wanted).then(
        async (runner) => {
          state = `found ${Date.now()}`;
          await runner.close();
        },
        () => {},
      );
      return state;
    },
  };
}

/** What a runner of a version knows. */
export function contextOf({ handler, limits, model }: RuntimeVersion, { connections }: RemoteOptions): RemoteContext {
  const slots = handler?.options.instances ?? connections ?? CONNECTIONS;
  return { model, deadline: limits.deadline, slots };
}
