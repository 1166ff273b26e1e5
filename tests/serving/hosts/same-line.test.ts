import assert from "node:assert/strict";
import { it } from "node:test";
import { handler } from "cortado/serving";
import { memoryModel, putModel, temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";
import { withServer } from "../versions/served.ts";

it("a run that waits on its line behind one that ends the host is answered, and not blamed", async () => {
  const root = temporaryFolder();
  putModel(root, "memory/1", memoryModel());
  const memory = handler({ name: "memory", source: "file:memory" });
  await withServer({ handlers: [memory], root, hosts: { memory: 500 * 2 ** 20 } }, async (server) => {
    const sumOf = async (size: number) => (await server.predict("memory", [{ size: [size] }])).outputs[0];
    // Only of quick models is the next run handed over while one goes on, and only where many wait.
    for (let i = 0; i < 60; i++) await sumOf(10);
    for (let round = 0; round < 2; round++) {
      const poison = sumOf(600_000_000);
      const behind = Array.from({ length: 30 }, (_, i) => sumOf(i + 1));
      await assert.rejects(poison, refusal({ code: "SERVING_OVER_MEMORY" }));
      assert.deepEqual(
        await Promise.all(behind),
        behind.map((_, i) => ({ sum: i + 1 })),
      );
    }
  });
});
