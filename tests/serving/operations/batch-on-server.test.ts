// Rows of a file, answered by a running server: the same lines as in process, whatever happens on the way.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { openPlaces, predictFile, predictRows, type RowAnswer, type ServedDirectory, serveDirectory } from "cortado/serving";
import { runCli } from "../../cli/run-cli.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const root = temporaryFolder();
const models = join(root, "models");
putModel(root, "models/times/1", timesModel(2));
putModel(root, "models/times/2", timesModel(3));
const TOKEN = "predict-only-token-0123456789";
const tokens = join(root, "tokens");
writeFileSync(tokens, `# tokens\npredict ${TOKEN}\nmanage manage-only-token-0123456789\n`);
const quiet = { info() {}, warn() {} };
let server: ServedDirectory;
before(async () => {
  server = await serveDirectory(models, { port: 0, tokenFile: tokens, log: quiet });
  await server.models.settled();
});
after(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const fresh = () => mkdtempSync(join(root, "run-"));
const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ x: [i, 0.1] }));
const linesIn = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n"); // oxfmt-ignore

/** Stands before the server, and does something else to requests where it gives true. */
async function standBefore(
  t: TestContext,
  meddle: (n: number) => { status: number; headers?: Record<string, string> } | "cut" | undefined,
) {
  const seen = { requests: 0, most: 0 };
  let open = 0;
  const proxy = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const n = request.method === "POST" ? seen.requests++ : -1;
    const other = n < 0 ? undefined : meddle(n);
    if (other === "cut") return void request.socket.destroy();
    if (other) return void response.writeHead(other.status, other.headers).end("busy");
    seen.most = Math.max(seen.most, ++open);
    const headers = Object.entries(request.headers).filter(([name]) => !["host", "connection", "content-length", "transfer-encoding"].includes(name)); // oxfmt-ignore
    const init = { method: request.method!, headers: headers as [string, string][] };
    const answer = await fetch(server.url + request.url!, body.byteLength > 0 ? { ...init, body } : init);
    open--;
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  t.after(() => void (proxy.closeAllConnections(), proxy.close()));
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen };
}

describe("a file of rows, answered by a running server", { concurrency: false }, () => {
  it("has the same lines as in process, for lines of JSON, tables and arrays, rows without an answer included", async (t) => {
    const folder = fresh();
    const own = openPlaces([models], { log: quiet });
    t.after(() => own.close());
    await own.start();
    const files = {
      "rows.jsonl": '{"x": [1, 2]}\n\n{"x": [3, 4]}\r\n{"x": [1}\n{"x": [5, "six"]}\n{"y": 1}\n{"x": [1e30, 1e39]}',
      "rows.csv": "\ufeffa,b\r\n1,2\r\n3,4\r\n5\r\n5,six\r\n",
      "rows.json": '[{"x": [1, 2]}, {"x": [3,\n 4]}, {"x": nonsense}, {"x": [0.1, 3e38]}]\n',
    };
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name);
      writeFileSync(file, content);
      const there = await predictFile("times", { file, to: `${file}.there`, server: { url: server.url, token: TOKEN } });
      const here = await predictFile("times", { file, to: `${file}.here`, models: own });
      assert.deepEqual({ ...there }, { ...here }, name);
      assert.deepEqual(linesIn(`${file}.there`), linesIn(`${file}.here`), name);
    }
  });

  it("is asked with so many rows at once, again where the server is busy, and again where a line was cut", async (t) => {
    const trouble = (n: number) => {
      if (n % 10 === 3) return { status: 503, headers: { "retry-after": "0" } };
      if (n % 10 === 5) return { status: 429, headers: { "retry-after": "0" } };
      return n === 17 ? ("cut" as const) : undefined;
    };
    const { url, seen } = await standBefore(t, trouble);
    const answers: RowAnswer[] = [];
    const options = { server: { url, token: TOKEN }, concurrency: 8 };
    for await (const answer of predictRows("times", rows(100), options)) answers.push(answer);
    assert.deepEqual(
      answers.map(({ row, ...answer }) => [row, (answer as { output?: { y: number[] } }).output?.y[0]]),
      rows(100).map((_, i) => [i, i * 3]),
    );
    assert.ok(seen.requests > 120, `${seen.requests} requests`);
    assert.ok(seen.most > 1 && seen.most <= 8, `${seen.most} at once`);
  });

  it("ends as a whole where the server refuses or is gone, and goes on from there with the version that it began with", async (t) => {
    const folder = fresh();
    const [file, to] = [join(folder, "rows.json"), join(folder, "out.jsonl")];
    writeFileSync(file, JSON.stringify(rows(600)));
    let refuses = true;
    const { url } = await standBefore(t, (n) => (refuses && n > 400 ? { status: 403 } : undefined));
    const options = { file, to, server: { url, token: TOKEN } };
    const failed = { code: "SERVING_SERVER_FAILED", hint: /a token with the scope predict: --token-file/ };
    await assert.rejects(predictFile("times", { ...options, version: "1" }), failed);
    refuses = false;
    const done = await predictFile("times", { ...options, resume: true });
    assert.deepEqual([done.rows, done.failed, done.version], [600, 0, "1"]);
    assert.ok(done.resumed >= 200, `${done.resumed} rows were there`);
    const lines = linesIn(to).map((line) => JSON.parse(line) as { row: number; output: { y: number[] } });
    assert.deepEqual(
      lines.map(({ row, output }) => [row, output.y[0]]),
      rows(600).map((_, i) => [i, i * 2]),
    );
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, "127.0.0.1", done));
    const gone = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((done) => closed.close(done));
    const nobody = predictFile("times", { file, to: join(folder, "b"), server: { url: gone } });
    await assert.rejects(nobody, {
      code: "SERVING_SERVER_FAILED",
      message: `The server ${gone} did not answer: It is not reached: ECONNREFUSED.`,
      hint: "Go on with --resume when it answers again.",
    });
    const unknown = predictFile("nobody", { file, to: join(folder, "c"), server: { url: server.url, token: TOKEN } });
    await assert.rejects(unknown, {
      code: "SERVING_SERVER_FAILED",
      message: /^The server \S+ refuses: There is no model "nobody".*\(404\)/,
      hint: /^Correct the model/,
    });
    const odd = predictFile("times", { file, to: join(folder, "d"), server: { url: "shop" } });
    const hint = "A server is named by its address: http://127.0.0.1:8080.";
    await assert.rejects(odd, { message: "The server shop cannot be asked: that is no address of one.", hint });
  });

  it("is asked for on the command line, with a token from a file or the environment", async () => {
    const folder = fresh();
    writeFileSync(join(folder, "rows.jsonl"), '{"x": [1, 2]}\n{"y": 1}\n');
    const argv = ["predict", "times", "--url", server.url];
    const files = ["--file", "rows.jsonl", "--to", "out.jsonl"];
    const all = await runCli([...argv, ...files, "--token-file", tokens], folder);
    assert.equal(all.code, 1, all.err);
    assert.match(all.out, /^2 rows answered by times 2, 1 of them by an error: .*out\.jsonl\n$/);
    const one = await runCli([...argv, "--input", '{"x": [1, 2]}', "--version", "1", "--token-file", tokens], folder);
    assert.deepEqual(JSON.parse(one.out), { output: { y: [2, 4] }, model: "times", version: "1" });
    const refused = await runCli([...argv, "--file", "rows.jsonl", "--to", "b.jsonl"], folder);
    assert.match(refused.err, /SERVING_SERVER_FAILED .*\(401\)/);
    const nowhere = await runCli([...argv, "--file", "rows.jsonl", "--to", "none/b.jsonl", "--token-file", tokens], folder);
    assert.match(
      nowhere.err,
      /CLI_CANNOT_WRITE {2}\S+none\/b\.jsonl lies in no folder\.\n {2}hint {2}Name another file with --to/,
    );
    for (const [more, problem] of [
      [["--dir", models], "--url and --dir exclude each other"],
      [["--token-file", join(folder, "none")], "--token-file cannot be read (ENOENT)"],
    ] as const)
      assert.ok((await runCli([...argv, ...files, ...more], folder)).err.includes(problem));
    const alone = await runCli(["predict", "times", "--input", "{}", "--token-file", tokens], folder);
    assert.match(alone.err, /--token-file goes with --url/);
  });
});
