import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../models.ts";
import { publish } from "../versions/served.ts";
import { Callers } from "./http-load.ts";
import { serveCommand } from "./served.ts";

/** Moves an alias in one server, and tells after how many milliseconds another one answers by it, whose folder is the same. Both hold both versions. */
export async function followAlias(moves: number): Promise<number[]> {
  const root = temporaryFolder();
  for (const version of ["1", "2"]) await publish(root, version);
  const servers = await Promise.all([serveCommand(root), serveCommand(root)]);
  const [mover, follower] = servers.map(({ url }) => new Callers(url)) as [Callers, Callers];
  const predict = async (of: Callers, version?: string) => {
    const place = version === undefined ? "" : `/versions/${version}`;
    const { status, body } = await of.ask(`/api/models/times${place}/predict`, { input: { x: [1, 1] } });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.version as string;
  };
  const took: number[] = [];
  try {
    for (const version of ["1", "2"]) await Promise.all([predict(mover, version), predict(follower, version)]);
    for (let i = 0; i < moves; i++) {
      const version = String((i % 2) + 1);
      // Not always at the same moment between two readings of the alias.
      await sleep(Math.random() * 250);
      const moved = await mover.ask("/api/models/times/aliases/default", { version }, "PUT");
      if (moved.status !== 200) throw new Error(JSON.stringify(moved.body));
      const since = performance.now();
      while ((await predict(follower)) !== version) await sleep(2);
      took.push(performance.now() - since);
    }
    return took;
  } finally {
    mover.close();
    follower.close();
    for (const { child } of servers) child.kill("SIGKILL");
  }
}
