import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, ModelServer, type Tensor } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { daring, elsewhere, endless, scaled } from "./isolated-handlers.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
const beside = handler({ name: "beside", source: "file:double" });
const server = new ModelServer({ handlers: [daring, scaled, elsewhere, beside], root });
before(async () => {
  await server.start();
  await server.settled();
});
after(() => server.close());

const act = async (item: { act: string; x?: number }) => (await server.predict("daring", [item])).outputs[0];

/** Asks until the handler is back: on a busy machine its process may take longer to start than a prediction may wait. */
async function whenItIsBack(x: number): Promise<unknown> {
  const limit = performance.now() + 60_000;
  for (;;) {
    const answer = await act({ act: "add", x }).catch((error: Error & { code?: string }) => error);
    if (!(answer instanceof Error)) return answer;
    assert.match(String("code" in answer && answer.code), /^SERVING_(?:HOST_LOST|DEADLINE|MODEL_BROKEN)$/, answer.message);
    assert.ok(performance.now() < limit, answer.message);
    await sleep(100);
  }
}

describe("an isolated handler", () => {
  it("runs in another process, and copies what goes in and out", async () => {
    assert.equal(await whenItIsBack(4), 5);
    const where = await act({ act: "where", x: 3 });
    const { processId, big, when, sizes } = where as { processId: number; big: bigint; when: Date; sizes: Tensor };
    assert.notEqual(processId, process.pid);
    assert.ok(server.hosts.processIds().includes(processId));
    assert.equal(big, 2n ** 60n);
    assert.deepEqual(when, new Date(0));
    assert.deepEqual(sizes.numbers(), [3]);
  });

  it("runs the code around a model in that process too", async () => {
    const { outputs } = await server.predict("scaled", [{ value: 3 }, { value: 5 }]);
    const [first, second] = outputs as { value: number; processId: number }[];
    assert.deepEqual([first!.value, second!.value], [6, 10]);
    assert.ok(server.hosts.processIds().includes(first!.processId));
    await assert.rejects(
      server.predict("scaled", [{ value: -1 }]),
      refusal({ code: "SERVING_BAD_INPUT", message: /^input does not fit: input\.value/ }),
    );
  });

  it("that throws fails one prediction, with its words and without its stack", async () => {
    await assert.rejects(
      act({ act: "throw" }),
      refusal({
        code: "SERVING_HANDLER_FAILED",
        message: 'The handler "daring" failed: it will not',
        hint: "Its stack is in the log of its process.",
      }),
    );
    assert.equal(await whenItIsBack(1), 2);
  });

  it("that exits, aborts, spins or hangs costs nobody else an answer", async () => {
    for (const what of ["exit", "abort", "spin", "hang"]) {
      // On a busy machine the deadline may come before the last try.
      const bad = assert.rejects(act({ act: what }), ({ code }: { code: string }) =>
        ["SERVING_HOST_LOST", "SERVING_DEADLINE"].includes(code),
      );
      for (let x = 0; x < 20; x++)
        assert.deepEqual((await server.predict("beside", [{ x: [x, 1] }])).outputs, [{ y: [2 * x, 2] }]);
      await bad;
      assert.equal(await whenItIsBack(7), 8);
    }
  });

  it("whose initialize does not end keeps no server from closing", { timeout: 60_000 }, async () => {
    const closing = new ModelServer({ handlers: [endless] });
    await closing.start();
    const asked = assert.rejects(closing.predict("endless", [1]), { code: "SERVING_NOT_LOADED" });
    while (closing.hosts.processIds().length === 0) await sleep(20);
    // Its process is there, and its module is imported.
    await sleep(500);
    await closing.close();
    await asked;
    assert.deepEqual(closing.hosts.processIds(), []);
  });

  it("that its module does not export fails with what to mend", async () => {
    const [version] = server.versions("elsewhere");
    assert.equal(version!.state, "failed", "SERVING_NOT_ISOLATED");
    assert.equal(version!.error, 'The module refused.ts exports no handler "elsewhere".');
    await assert.rejects(
      server.predict("elsewhere", ["a"], { version: version!.version }),
      refusal({ code: "SERVING_VERSION_FAILED", hint: /^The option isolate is import\.meta\.url of the module/ }),
    );
  });
});
