import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { ModelServer } from "cortado/serving";
import { childrenOf } from "../children-of.ts";
import { temporaryFolder } from "../models.ts";
import { publish } from "../versions/served.ts";

const skip = process.platform === "linux" ? false : "only Linux tells the processes that one has started";

it("a server that closes while its lost host starts again starts none after it", { skip, timeout: 60_000 }, async () => {
  const root = temporaryFolder();
  await publish(root, "2");
  const server = new ModelServer({ directories: [root], log: { info() {}, warn() {} } });
  await server.start();
  await server.settled();
  const [lost] = server.hosts.processIds();
  process.kill(lost!, "SIGKILL");
  while (!childrenOf(process.pid).some((pid) => pid !== lost)) await immediate();
  await server.close();
  await sleep(1000);
  assert.deepEqual(childrenOf(process.pid), []);
});
