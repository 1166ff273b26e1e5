import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loopModel, memoryModel, putModel, temporaryFolder, timesModel } from "../models.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "endless/1", loopModel());
putModel(root, "greedy/1", memoryModel());
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const script = join(import.meta.dirname, "neighbours.ts");
const child = spawn(process.execPath, ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", script, root], {
  stdio: ["ignore", "pipe", "ignore"],
});
const [line] = (await once(child.stdout, "data")) as [Buffer];
const url = line.toString().trim();
after(() => child.kill("SIGKILL"));

async function ask(model: string, input: unknown): Promise<{ status: number; output?: unknown }> {
  const response = await fetch(`${url}/api/models/${model}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input }),
  });
  const text = await response.text();
  assert.doesNotMatch(text, /\n\s+at |Traceback|\/tmp\/|\/work\/|node_modules/);
  return { status: response.status, output: (JSON.parse(text) as { output?: unknown }).output };
}

/** What the others are asked all the while, and must answer. */
const others: Readonly<Record<string, (x: number) => [input: unknown, output: unknown]>> = {
  doubled: (x) => [{ x: [x, 1] }, { y: [2 * x, 2] }],
  ...(hasPython ? { tame: (x: number) => [{ act: "add", x }, x + 1] as [unknown, unknown] } : {}),
};

/** What is done, and what the one who does it may be told. */
const deeds: readonly [model: string, input: unknown, statuses: readonly number[]][] = [
  ["endless", { count: 2 ** 40 }, [504, 503]],
  ["greedy", { size: [400_000_000] }, [422, 503]],
  ...["throw", "exit", "abort", "crash", "hang", "spin"].map((act): [string, unknown, number[]] => [
    "isolated",
    { act },
    act === "throw" ? [500] : [503, 504],
  ]),
  ...(hasPython ? ["throw", "exit", "abort", "crash", "hang", "spin", "grow"] : []).map((act): [string, unknown, number[]] => [
    "snake",
    { act },
    act === "throw" ? [500] : [422, 503, 504],
  ]),
];
const harmless: Readonly<Record<string, unknown>> = {
  endless: { count: 1 },
  greedy: { size: [10] },
  isolated: { act: "add" },
  snake: { act: "add" },
};

describe("what a model does to itself", () => {
  it("costs nobody else an answer, and is over when it is left alone", async (context) => {
    let over = false;
    let answered = 0;
    const clients = Object.entries(others).flatMap(([model, question]) =>
      [0, 1].map(async () => {
        for (let x = 0; !over; x++) {
          const [input, output] = question(x);
          assert.deepEqual(await ask(model, input), { status: 200, output }, model);
          assert.equal((await fetch(`${url}/health/live`)).status, 200);
          answered++;
          await sleep(5);
        }
      }),
    );
    const all = Promise.all(clients);
    try {
      for (const [model, input, statuses] of deeds) {
        const { status } = await Promise.race([ask(model, input), all.then(() => assert.fail("the others have ended"))]);
        assert.ok(statuses.includes(status), `${model} ${JSON.stringify(input)}: ${status}`);
        const since = performance.now();
        const limit = since + 60_000;
        while ((await ask(model, harmless[model])).status !== 200) {
          assert.ok(performance.now() < limit, `${model} does not come back after ${JSON.stringify(input)}`);
          await sleep(50);
        }
        context.diagnostic(
          `${model} ${JSON.stringify(input)}: ${status}, answers again after ${Math.round(performance.now() - since)} ms`,
        );
      }
    } finally {
      over = true;
      await all;
    }
    assert.equal(child.exitCode, null);
    context.diagnostic(`${answered} answers of others, none failed`);
  });
});
