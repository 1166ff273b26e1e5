import { setTimeout as sleep } from "node:timers/promises";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { Callers, type Outcome } from "./http-load.ts";
import { hostsOf, openFiles, residentBytes, serveCommand } from "./served.ts";

const MODELS = ["double", "triple"];

/** What came of killing hosts. */
export interface Killed {
  seconds: number;
  kills: number;
  requests: number;
  /** Requests that were not answered as they must be. */
  failed: Outcome[];
  /** Milliseconds from each kill to the answer of a request that was sent after it. */
  recoveries: number[];
  /** Bytes and open files of the web process alone, after each kill. */
  memory: number[];
  files: number[];
}

/** Kills one model host after the other, so often, while callers ask for two models over HTTP. */
export async function killHosts(kills: number): Promise<Killed> {
  const root = temporaryFolder();
  MODELS.forEach((model, i) => putModel(root, `${model}/1`, timesModel(i + 2)));
  const served = await serveCommand(root);
  const pid = served.child.pid!;
  const callers = new Callers(served.url);
  const found: Killed = { seconds: 0, kills: 0, requests: 0, failed: [], recoveries: [], memory: [], files: [] };
  const ask = async (model: string, factor: number) => {
    const outcome = await callers.ask(`/api/models/${model}/predict`, { input: { x: [1, 2] } });
    found.requests++;
    if (outcome.status !== 200 || outcome.body.output.y[1] !== 2 * factor) found.failed.push(outcome);
  };
  try {
    // What tries a new version is no host that answers: whoever kills it has the version fail.
    while ((await callers.ask("/v2/health/ready")).status !== 200) await sleep(50);
    const since = performance.now();
    for (const [i, model] of MODELS.entries()) callers.repeat(8, () => ask(model, i + 2));
    for (; found.kills < kills; found.kills++) {
      await sleep(200);
      const hosts = hostsOf(pid);
      const victim = hosts[found.kills % hosts.length];
      if (victim === undefined) throw new Error("There is no host to kill.");
      process.kill(victim, "SIGKILL");
      const killed = performance.now();
      await Promise.all(MODELS.map((model, i) => ask(model, i + 2)));
      found.recoveries.push(performance.now() - killed);
      found.memory.push(residentBytes(pid) - hostsOf(pid).reduce((sum, host) => sum + residentBytes(host), 0));
      found.files.push(openFiles(pid));
    }
    await callers.stop();
    found.seconds = (performance.now() - since) / 1000;
    return found;
  } finally {
    callers.close();
    served.child.kill("SIGKILL");
  }
}
