// Rows of files and of iterables, answered through a model's queue: whole, in order, and once, whatever happens.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import { handler, ModelServer, predictFile, predictRows, type RowAnswer } from "cortado/serving";
import { runCli } from "../../cli/run-cli.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const root = temporaryFolder();
putModel(root, "models/times/1", timesModel(2));
putModel(root, "models/times/2", timesModel(3));
const fresh = () => mkdtempSync(join(root, "run-"));
after(() => rmSync(root, { recursive: true, force: true }));

let most = 0;
const double = handler({
  name: "double",
  queue: { maxSize: 40 },
  batch: { maxSize: 8 },
  inference: async (items: { n: number }[]) => {
    most = Math.max(most, items.length);
    await sleep(1);
    return items.map(({ n }) => {
      if (n % 10 === 7) throw new Error("sevens are refused");
      return n * 2;
    });
  },
});
const models = new ModelServer({ handlers: [double], directories: [join(root, "models")], log: { info() {}, warn() {} } });
before(async () => {
  await models.start();
  await models.settled();
});
after(() => models.close());

async function collect<T>(answers: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

const linesOf = (file: string) =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { row: number; output?: any; error?: { code: string; message: string } });

describe("predictRows", { concurrency: false }, () => {
  it("answers any iterable in its order, in full batches, and keeps the error of a row in its place", async () => {
    async function* rows() {
      for (let n = 0; n < 100; n++) yield { n };
    }
    const answers = await collect(predictRows(double, rows()));
    assert.deepEqual(
      answers.map(({ row }) => row),
      Array.from({ length: 100 }, (_, i) => i),
    );
    const failed = answers.filter((answer) => "error" in answer).map(({ row }) => row);
    assert.deepEqual(failed, [7, 17, 27, 37, 47, 57, 67, 77, 87, 97]);
    assert.equal((answers[20] as { output: number }).output, 40);
    assert.equal(most, 8, "batches are full");
  });

  it("takes rows as answers are read, and stops with its reader", async () => {
    let taken = 0;
    let closed = false;
    function* rows() {
      try {
        for (;;) yield { n: taken++ * 10 };
      } finally {
        closed = true;
      }
    }
    for await (const { row } of predictRows(double, rows(), { concurrency: 4 })) if (row === 5) break;
    await sleep(20);
    assert.ok(taken < 40, `${taken} rows were taken`);
    assert.ok(closed);
  });

  it("finds room in a queue that others fill", async () => {
    const others = Array.from({ length: 38 }, () => double.predict({ n: 1 }).catch(() => 0));
    const answers = await collect(
      predictRows(
        double,
        Array.from({ length: 60 }, () => ({ n: 2 })),
        { concurrency: 60 },
      ),
    );
    assert.ok(answers.every((answer) => "output" in answer));
    await Promise.all(others);
  });

  it("ends as a whole where the model is not there, its rows' source breaks, or it is stopped", async () => {
    await assert.rejects(collect(predictRows("nobody", [1])), { code: "SERVING_UNKNOWN_MODEL" });
    await assert.rejects(collect(predictRows("times", [{ x: [1, 1] }], { version: "9" })), { code: "SERVING_UNKNOWN_VERSION" });
    async function* broken() {
      yield { n: 1 };
      throw new Error("the source broke");
    }
    const seen: RowAnswer[] = [];
    await assert.rejects(async () => {
      for await (const answer of predictRows(double, broken())) seen.push(answer);
    }, /the source broke/);
    assert.equal(seen.length, 1);
    const stop = new AbortController();
    await assert.rejects(
      async () => {
        for await (const { row } of predictRows(
          double,
          Array.from({ length: 500 }, () => ({ n: 1 })),
          { signal: stop.signal },
        ))
          if (row === 3) stop.abort();
      },
      { name: "AbortError" },
    );
  });
});

describe("predictFile", { concurrency: false }, () => {
  it("reads lines of JSON, tables and arrays", async () => {
    const folder = fresh();
    const files = {
      "rows.jsonl": '{"x": [1, 2]}\n\n{"x": [3, 4]}\r\n{"x": [1}\n{"x": [5, "six"]}',
      "rows.csv": "\ufeffa,b\r\n1,2\r\n3,4\r\n5\r\n5,six\r\n",
      "rows.json": '[{"x": [1, 2]}, {"x": [3,\n 4]}, {"x": nonsense}, {"x": [5, "si]x"]}]\n',
    };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
      const to = join(folder, `${name}.out`);
      const done = await predictFile("times", { file: join(folder, name), to, models });
      assert.deepEqual([done.rows, done.failed, done.version], [4, 2, "2"], name);
      const [first, second, third, fourth] = linesOf(to);
      assert.deepEqual([first!.output, second!.output], [{ y: [3, 6] }, { y: [9, 12] }], name);
      assert.equal(third!.error!.code, "SERVING_BAD_INPUT");
      assert.match(fourth!.error!.message, /x/);
      assert.deepEqual([existsSync(`${to}.partial`), existsSync(`${to}.checkpoint`)], [false, false]);
    }
  });

  it("refuses a file that is none, and an output that is there", async () => {
    const folder = fresh();
    const ask = (name: string, content: string | undefined, to = "out.jsonl") => {
      if (content !== undefined) writeFileSync(join(folder, name), content);
      return predictFile("times", { file: join(folder, name), to: join(folder, to), models, resume: true });
    };
    const hint = /Rows are lines of JSON/;
    await assert.rejects(ask("none.jsonl", undefined), {
      code: "SERVING_BAD_ROWS",
      message: /none\.jsonl is not there\.$/,
      hint,
    });
    await assert.rejects(ask("rows.xml", ""), { message: /has an ending that is not \.jsonl, \.ndjson, \.csv or \.json/ });
    await assert.rejects(ask("cut.json", '[{"x": [1, 2]}, {"x"', "a"), {
      message: /is not a whole array of JSON: it is cut off/,
    });
    await assert.rejects(ask("object.json", '{"x": [1, 2]}', "b"), { message: /is not an array of JSON at byte 0/ });
    writeFileSync(join(folder, "there.jsonl"), "");
    await assert.rejects(ask("one.jsonl", '{"x": [1, 2]}', "there.jsonl"), {
      code: "SERVING_OUTPUT_TAKEN",
      message: /there\.jsonl is there already\.$/,
      hint: "Write into another file, or move it away: nothing is written over.",
    });
    assert.equal((await ask("empty.jsonl", "", "c")).rows, 0);
    assert.equal((await ask("empty.json", "[]", "d")).rows, 0);
  });

  it("goes on where a run was stopped, with the version that it began with, and with no other input", async () => {
    const folder = fresh();
    const [file, to] = [join(folder, "rows.json"), join(folder, "out.jsonl")];
    writeFileSync(file, JSON.stringify(Array.from({ length: 30_000 }, (_, i) => ({ x: [i, 0] }))));
    const stop = new AbortController();
    const options = { file, to, models, version: "1" };
    const slow = { ...options, concurrency: 1, signal: stop.signal };
    setTimeout(() => stop.abort(), 1500);
    await assert.rejects(predictFile("times", slow), { name: "AbortError" });
    await assert.rejects(predictFile("times", options), { code: "SERVING_OUTPUT_TAKEN", hint: /Go on with it: --resume/ });
    const { mtime } = statSync(file);
    utimesSync(file, mtime, new Date(0));
    const refused = predictFile("times", { ...options, resume: true });
    await assert.rejects(refused, { code: "SERVING_CANNOT_RESUME", message: /has changed since/, hint: /begin anew/ });
    await assert.rejects(predictFile("double", { ...options, resume: true }), { message: /begun with the model "times"/ });
    const checkpoint = JSON.parse(readFileSync(`${to}.checkpoint`, "utf8")) as { modified: number };
    utimesSync(file, mtime, new Date(checkpoint.modified));
    writeFileSync(`${to}.checkpoint`, JSON.stringify({ ...checkpoint, modified: statSync(file).mtimeMs }));
    const done = await predictFile("times", { ...options, version: undefined, resume: true });
    assert.deepEqual([done.rows, done.version], [30_000, "1"]);
    assert.ok(done.resumed > 0);
    assert.deepEqual(
      linesOf(to).map(({ row, output }) => [row, output.y[0]]),
      Array.from({ length: 30_000 }, (_, i) => [i, i * 2]),
    );
  });

  it("writes an output alone: a second run waits for the first, and is refused where that takes long", async () => {
    const folder = fresh();
    const [file, to] = [join(folder, "rows.jsonl"), join(folder, "out.jsonl")];
    writeFileSync(file, '{"x": [1, 2]}\n'.repeat(40_000));
    const options = { file, to, models, resume: true };
    const first = predictFile("times", { ...options, concurrency: 1 });
    for (let i = 0; !existsSync(`${to}.partial`); i++) assert.ok(i < 500 && (await sleep(10, true)));
    await assert.rejects(predictFile("times", { ...options, patience: 50 }), {
      code: "SERVING_OUTPUT_TAKEN",
      message: /^Another run writes into .*out\.jsonl\.$/,
      hint: "Let it end, or write into another file.",
    });
    const second = predictFile("times", options);
    assert.equal((await first).rows, 40_000);
    await assert.rejects(second, { code: "SERVING_OUTPUT_TAKEN", message: /out\.jsonl is there already\.$/ });
    assert.deepEqual([linesOf(to).length, existsSync(`${to}.lock`)], [40_000, false]);
  });

  it("has each row once after it was killed at any moment", async () => {
    const folder = fresh();
    const cli = new URL("../../../bin/cortado.mjs", import.meta.url).pathname;
    const count = 40_000;
    writeFileSync(join(folder, "rows.csv"), `a,b\n${Array.from({ length: count }, (_, i) => `${i},"1"`).join("\n")}\n`);
    const argv = ["predict", "times", "--dir", join(root, "models"), "--file", "rows.csv", "--to", "out.jsonl", "--resume"];
    let kills = 0;
    for (; !existsSync(join(folder, "out.jsonl")); kills++) {
      assert.ok(kills < 60, "it comes further each time");
      const child = spawn(process.execPath, ["--conditions=cortado-source", cli, ...argv], { cwd: folder, stdio: "ignore" });
      const ended = once(child, "exit");
      const partial = join(folder, "out.jsonl.partial");
      // Killed some time after it has begun to write, wherever it is then.
      for (let i = 0; i < 1000 && child.exitCode === null && !existsSync(partial); i++) await sleep(10);
      if (kills < 4) setTimeout(() => child.kill("SIGKILL"), 600 + Math.random() * 1200).unref();
      await ended;
    }
    assert.ok(kills > 0);
    const lines = linesOf(join(folder, "out.jsonl"));
    assert.equal(lines.length, count);
    assert.ok(lines.every(({ row, output }, i) => row === i && output.y[0] === i * 3));
  });
});

describe("cortado predict", { concurrency: false }, () => {
  it("answers a file, tells how many rows have no answer, and one item as before", async () => {
    const folder = fresh();
    writeFileSync(join(folder, "rows.jsonl"), '{"x": [1, 2]}\n{"y": 1}\n');
    const dir = join(root, "models");
    const all = await runCli(["predict", "times", "--dir", dir, "--file", "rows.jsonl", "--to", "out.jsonl"], folder);
    assert.equal(all.code, 1);
    assert.match(all.out, /^2 rows answered by times 2, 1 of them by an error: .*out\.jsonl\n$/);
    const one = await runCli(["predict", "times", "--dir", dir, "--input", '{"x": [1, 2]}', "--version", "1"], folder);
    assert.deepEqual(JSON.parse(one.out), { output: { y: [2, 4] }, model: "times", version: "1" });
    const neither = await runCli(["predict", "times", "--dir", dir], folder);
    assert.equal(neither.code, 2);
    assert.match(neither.err, /it needs --input, or --file with --to/);
  });
});
