// Handlers in Python, with the standard library alone: values, steps, streams, and everything that can go wrong.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { include, path } from "cortado/http";
import { checkServing, handler, type HandlerOptions, ModelServer, modelUrls, openInferenceUrls, python } from "cortado/serving";
import { z } from "zod";
import { temporaryFolder } from "../models.ts";
import { protocolSite } from "../protocols/protocol-site.ts";
import { refusal } from "../refused.ts";

const program = process.env["CORTADO_TEST_PYTHON"] ?? "python3";
const root = import.meta.dirname;
const own = temporaryFolder();
const notes = join(own, "notes.txt");
const lines: string[] = [];
const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };

const module = (name: string, more: object = {}) => python({ module: `python/${name}.py`, python: program, ...more });
const made = (name: string, options: Partial<HandlerOptions<any, any, any, any, any>>) =>
  handler<any, any, any, any, any>({ name, access: "public", ...options });

const plain = made("plain", { runtime: module("plain"), deadline: 1500 });
const mortal = made("mortal", { runtime: module("plain") });
const tripled = made("tripled", { runtime: module("plain", { parameters: { factor: 3 } }), input: z.object({ n: z.number() }) });
const lengths = made("lengths", {
  runtime: module("steps", { handler: "Lengths", parameters: { unit: "characters" } }),
  instances: 2,
});
const other = made("other", { runtime: module("steps", { handler: "Other" }) });
const tally = made("tally", { runtime: module("tally"), instances: 2, sequence: {} });
const story = made("story", { runtime: module("story", { parameters: { notes } }), deadline: 3000 });
const deaf = made("deaf", { runtime: module("deaf"), deadline: 300 });
const small = made("small", { runtime: module("plain", { memory: 150 * 2 ** 20 }), deadline: 8000 });
const spec = (name: string) => ({ name, datatype: "FP32", shape: [-1, 2] }) as const;
const sums = made("sums", { runtime: module("sums", { inputs: [spec("a"), spec("b")], outputs: [spec("sum")] }) });
const wrong = made("wrong", { runtime: module("sums", { inputs: [spec("a"), spec("b")], outputs: [spec("total")] }) });
const words = { name: "words", datatype: "BYTES", shape: [-1, 2] } as const;
const total = { name: "sum", datatype: "FP32", shape: [-1] } as const;
const listed = made("listed", { runtime: module("listed", { inputs: [spec("a")], outputs: [words, total] }) });
const uneven = made("uneven", { runtime: module("listed", { inputs: [spec("a")], outputs: [spec("words")] }) });

const models = new ModelServer({
  handlers: [plain, mortal, tripled, lengths, other, tally, story, deaf, small, sums, wrong, listed, uneven],
  root,
  log,
});
const site = await protocolSite([path("api/", include(modelUrls())), path("v2/", include(openInferenceUrls()))], models);
after(() => site.close());

const pidOf = async () => (await plain.predict({ do: "facts" })).pid as number;

async function post(address: string, body: unknown): Promise<{ status: number; body: any }> {
  const init = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(`${site.url}/${address}`, init);
  return { status: response.status, body: await response.json() };
}

describe("a handler in Python", () => {
  it("answers with plain functions, a state and its parameters", async () => {
    assert.deepEqual(await plain.predict({ n: 21 }), { twice: 42 });
    assert.deepEqual(await tripled.predict({ n: 1.5 }), { twice: 4.5 });
    await assert.rejects(tripled.predict({ n: "1" }), refusal({ code: "SERVING_BAD_INPUT", message: /^input does not fit/ }));
    const facts = await plain.predict({ do: "facts" });
    assert.deepEqual({ ...facts, pid: 0 }, { pid: 0, model: "plain", version: "1", together: 1 });
    assert.ok(models.hosts.processIds().every((pid) => pid !== facts.pid) && facts.pid !== process.pid);
  });

  it("answers what waits together in one call, each in its place", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => plain.predict(n === 20 ? { do: "facts" } : { n })));
    assert.ok(answers[20].together > 1);
    assert.deepEqual(answers[39], { twice: 78 });
    assert.deepEqual(await plain.predictMany([{ n: 1 }, { n: 2 }]), [{ twice: 2 }, { twice: 4 }]);
  });

  it("is a class with the steps of a batch, in as many processes as it has instances", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => lengths.predict({ text: "x".repeat(n) })));
    assert.deepEqual(answers.map(({ length }) => length), Array.from({ length: 200 }, (_, n) => n)); // oxfmt-ignore
    assert.equal(answers[0].unit, "characters");
    assert.deepEqual([...new Set(answers.map(({ instance }) => instance))].toSorted(), [0, 1]);
    assert.deepEqual(await other.predict("x"), { other: "x" });
  });

  it("exchanges values that JSON has no form for, exactly", async () => {
    const kinds = await plain.predict({
      do: "kinds",
      bytes: Buffer.from("x"),
      moment: new Date(),
      long: 10n ** 30n,
      nan: Number.NaN,
    });
    assert.deepEqual(kinds, { do: "str", bytes: "bytes", moment: "datetime", long: "int", nan: "float" });
    const value = [10n ** 30n, 2 ** 53 - 1, 0.1, null, "ü€😀", { deep: [Number.NaN, -Infinity] }, [[]], {}, true];
    assert.deepEqual(await plain.predict({ do: "echo", value }), value);
    const array = await plain.predict({
      do: "echo",
      value: { floats: Float32Array.of(0.5, 1), longs: BigInt64Array.of(2n ** 60n) },
    });
    assert.deepEqual(array, { floats: [0.5, 1], longs: [2n ** 60n] });
    const answer = await plain.predict({ do: "values" });
    assert.deepEqual(
      { ...answer, bytes: [...answer.bytes] },
      {
        nan: [Number.NaN, Infinity, -Infinity],
        long: 2n ** 70n,
        bytes: [0, 1, 255],
        decimal: "4.50",
        day: "2026-11-23",
        moment: "2026-11-23T10:00:00+00:00",
        array: [0.5, 1.5],
        tuple: [1, [2]],
        keys: { 1: "one" },
      },
    );
    const large = Buffer.alloc(5_000_000, 7);
    assert.ok(large.equals(await plain.predict({ do: "echo", value: large })));
    const over = await post("api/models/plain/predict", { input: { do: "echo", value: { __proto__: 1, "": [1e308] } } });
    assert.deepEqual([over.status, over.body.output], [200, { "": [1e308] }]);
  });

  it("takes and gives tensors where it says which, for the protocols that speak them too", async () => {
    assert.deepEqual(await sums.predict({ a: [1, 2], b: [10, 20] }), { sum: [11, 22] });
    const input = (name: string, data: number[]) => ({ name, datatype: "FP32", shape: [2, 2], data });
    const { status, body } = await post("v2/models/sums/infer", { inputs: [input("a", [1, 2, 3, 4]), input("b", [1, 1, 1, 1])] });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.outputs[0].data, [2, 3, 4, 5]);
    await assert.rejects(
      wrong.predict({ a: [1, 2], b: [1, 2] }),
      refusal({ code: "SERVING_BAD_OUTPUT", message: /gave no total; it gave sum/ }),
    );
  });

  it("gives tensors as lists too, texts among them, and is told what does not fit", async () => {
    assert.deepEqual(await listed.predict({ a: [1, 2] }), { words: ["odd", "even"], sum: 3 });
    await assert.rejects(
      uneven.predict({ a: [1, 2] }),
      refusal({
        code: "SERVING_BAD_OUTPUT",
        message:
          /gave "words" neither as an array nor as lists that fit: "words" has the string "odd" as element 0, and FP32 takes numbers/,
      }),
    );
  });

  it("prints into the log, whatever the bytes", async () => {
    lines.length = 0;
    await plain.predict({ do: "print", n: 1 });
    for (let look = 0; look < 100 && lines.length < 3; look++) await sleep(20);
    assert.deepEqual(lines.toSorted(), ["plain: to stderr", "plain: to stdout", "plain: � raw bytes"].toSorted());
    assert.deepEqual(await plain.predict({ n: 4 }), { twice: 8 });
  });
});

describe("a sequence in Python", () => {
  it("remembers from its first step to its last, in whichever process", async () => {
    const step = (id: string, n: number, more: object = {}) => tally.predict({ n }, { sequence: { id, ...more } });
    await step("a", 1, { start: true });
    await step("b", 10, { start: true });
    const told = await Promise.all([step("a", 2), step("b", 20), step("a", 3), step("b", 30)]);
    assert.deepEqual(told.map(({ seen }) => seen), [[1, 2], [10, 20], [1, 2, 3], [10, 20, 30]]); // oxfmt-ignore
    assert.deepEqual((await step("a", 4, { end: true })).ended, true);
    assert.deepEqual((await step("a", 5, { start: true })).seen, [5]);
    assert.deepEqual(await tally.predict({ n: 1 }), { seen: null });
  });
});

describe("what a handler in Python does wrong", () => {
  it("is a fault of the server, whose traceback the log has and no client", async () => {
    lines.length = 0;
    await assert.rejects(
      plain.predict({ do: "throw" }),
      refusal({
        code: "SERVING_PYTHON_FAILED",
        message: /^The inference of the Python handler "plain" failed: ZeroDivisionError: .* \(plain\.py, line 26\)\.$/,
        hint: "The whole traceback is in the log. What is the caller's fault is told by raising cortado.BadInput.",
      }),
    );
    for (let look = 0; look < 100 && lines.length < 3; look++) await sleep(20);
    assert.ok(lines.includes("plain: Traceback (most recent call last):"), lines.join("\n"));
    const { status, body } = await post("api/models/plain/predict", { input: { do: "throw" } });
    assert.equal(status, 500);
    assert.doesNotMatch(JSON.stringify(body), /Traceback|plain\.py|ZeroDivision/);
  });

  it("is the caller's fault where the handler says so, and only of the one who sent it", async () => {
    const bad = { do: "refuse", n: 3 };
    await assert.rejects(
      plain.predict(bad),
      refusal({
        code: "SERVING_MODEL_REFUSED",
        message: 'The model "plain" refused the data: input.n is 3, and must be even',
      }),
    );
    assert.equal((await post("api/models/plain/predict", { input: bad })).status, 422);
    const answers = await Promise.allSettled([plain.predict({ n: 1 }), plain.predict(bad), plain.predict({ n: 2 })]);
    assert.deepEqual(answers.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]); // oxfmt-ignore
  });

  it("is the caller's fault where the input is nested deeper than Python reads", async () => {
    const before = await pidOf();
    const nested = (depth: number) => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`) as unknown;
    const told = (depth: number) =>
      plain.predict({ do: "echo", value: nested(depth) }).catch((error: { message: string }) => error.message);
    assert.equal(await told(1e5), "The input is nested too deep to be sent to Python.");
    const refused = await told(1500);
    if (typeof refused === "string") assert.match(refused, /refused the data: the input is nested too deep$/);
    assert.deepEqual(await plain.predict({ do: "echo", value: nested(50) }), nested(50));
    assert.equal(await pidOf(), before);
  });

  it("names a value that cannot be sent, and where it stands", async () => {
    await assert.rejects(
      plain.predict({ do: "set" }),
      refusal({ code: "SERVING_BAD_OUTPUT", message: /gave a set at 0\.deep\.0, which has no form in JSON/ }),
    );
  });

  it("that runs past its deadline is interrupted, and stays loaded", async () => {
    const before = await pidOf();
    for (const item of [{ do: "spin" }, { do: "sleep", seconds: 30, n: 1 }]) {
      await assert.rejects(
        plain.predict(item),
        refusal({ code: "SERVING_DEADLINE", message: 'The model "plain" did not answer within 1500 ms.' }),
      );
    }
    assert.equal(await pidOf(), before);
  });

  it("that heeds no interruption is ended, and the next one answered by another process", async () => {
    const before = await deaf.predict({});
    await assert.rejects(deaf.predict({ hang: true }), refusal({ code: "SERVING_DEADLINE" }));
    for (let look = 0; look < 40; look++) {
      const pid = await deaf.predict({}).catch(() => before);
      if (pid !== before) return;
    }
    assert.fail("it never answered again");
  });

  it("is given up when nobody waits for it any more", async () => {
    const before = await pidOf();
    const abort = new AbortController();
    const asked = plain.predict({ do: "sleep", seconds: 30, n: 1 }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await assert.rejects(asked, { name: "AbortError" });
    assert.equal(await pidOf(), before);
  });

  it("ends its own process and nobody else's request", async () => {
    const [doomed, ...others] = await Promise.allSettled([
      mortal.predict({ do: "die" }),
      ...Array.from({ length: 20 }, (_, n) => tripled.predict({ n })),
    ]);
    assert.throws(
      () => {
        throw (doomed as PromiseRejectedResult).reason;
      },
      refusal({
        code: "SERVING_HOST_LOST",
        message: 'The process that runs the model "mortal" ended 2 times on this prediction.',
      }),
    );
    assert.ok(others.every(({ status }) => status === "fulfilled"));
    assert.deepEqual(await mortal.predict({ n: 1 }), { twice: 2 });
    await assert.rejects(mortal.predict({ do: "exit" }), refusal({ code: "SERVING_HOST_LOST" }));
    assert.deepEqual(await mortal.predict({ n: 1 }), { twice: 2 });
  });

  it("that grows beyond its memory is ended, and its answer says why", { skip: process.platform !== "linux" }, async () => {
    await assert.rejects(
      small.predict({ do: "grow", bytes: 400 * 2 ** 20 }),
      refusal({
        code: "SERVING_OVER_MEMORY",
        message: 'The model "small" needed more memory for this prediction than the 150 MB that it may have.',
      }),
    );
    assert.deepEqual(await small.predict({ n: 1 }), { twice: 2 });
  });

  it("ends with its owner, even in the middle of an endless loop", { skip: process.platform !== "linux" }, async () => {
    const script = `
      import { handler, ModelServer, python } from "cortado/serving";
      const plain = handler({ name: "plain", runtime: python({ module: "python/plain.py", python: ${JSON.stringify(program)} }) });
      const server = new ModelServer({ handlers: [plain], root: ${JSON.stringify(root)} });
      await server.start();
      process.stdout.write(String((await plain.predict({ do: "facts" })).pid));
      plain.predict({ do: "spin" });
      setTimeout(() => process.kill(process.pid, "SIGKILL"), 100);`;
    let pid = 0;
    try {
      execFileSync(process.execPath, ["--conditions=cortado-source", "--input-type=module", "-e", script], {
        cwd: root,
        stdio: "pipe",
      });
    } catch (error) {
      pid = Number((error as { stdout: Buffer }).stdout);
    }
    assert.ok(pid > 0);
    const isThere = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0] !== "Z";
    for (let look = 0; look < 60; look++) {
      try {
        if (!isThere()) return;
      } catch {
        return;
      }
      await sleep(100);
    }
    assert.fail(`process ${pid} lives on`);
  });
});

describe("a stream from Python", () => {
  const told = () => readFileSync(notes, "utf8").trim().split("\n").at(-1);

  it("comes piece by piece, and as one answer where that is asked", async () => {
    const pieces: unknown[] = [];
    for await (const piece of story.stream({ name: "whole", count: 3 })) pieces.push(piece);
    assert.deepEqual(pieces, ["piece 0 ", "piece 1 ", "piece 2 "]);
    assert.equal(await story.predict({ name: "one", count: 2 }), "piece 0 piece 1 ");
  });

  it("ends in Python when its reader stops", async () => {
    for await (const piece of story.stream({ name: "left", count: 1e9 })) if (piece === "piece 2 ") break;
    for (let look = 0; look < 50 && told() !== "left 2"; look++) await sleep(20);
    assert.equal(told(), "left 2");
    assert.equal(await story.predict({ name: "next", count: 1 }), "piece 0 ");
  });

  it("tells what goes wrong before its first piece, between two, and when its process ends", async () => {
    const until = async (item: object) => {
      const pieces: unknown[] = [];
      try {
        for await (const piece of story.stream({ name: "bad", count: 5, ...item })) pieces.push(piece);
      } catch (error) {
        return [pieces.length, (error as { code: string }).code];
      }
      return [pieces.length, "no error"];
    };
    assert.deepEqual(await until({ refuse: true }), [0, "SERVING_MODEL_REFUSED"]);
    assert.deepEqual(await until({ fail: 2 }), [2, "SERVING_PYTHON_FAILED"]);
    assert.deepEqual(await until({ spin: 1 }), [1, "SERVING_DEADLINE"]);
    assert.deepEqual(await until({ die: 3 }), [3, "SERVING_HOST_LOST"]);
    assert.deepEqual(await until({}), [5, "no error"]);
  });
});

describe("a module in Python", () => {
  /** What loading a module of this text says, by the model's own state. */
  async function loaded(text: string, options: object = {}, name = "own_model.py"): Promise<string> {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), text);
    const broken = made("broken", { runtime: python({ module: name, python: program, ...options }) });
    const server = new ModelServer({ handlers: [broken], root: folder, log });
    await server.start();
    await server.settled();
    const { state, error } = server.describeVersion("broken", "1");
    await server.close();
    return error ?? state;
  }

  it("that does not load says what is wrong in a sentence, and the rest in the log", async () => {
    const begin = 'own_model.py of the model "broken" ';
    const cases: [text: string, told: string | RegExp, options?: object][] = [
      ["def inference(items): return items", "ready"],
      ["def inference(:\n", /^does not load: SyntaxError: .* \(own_model\.py, line 1\)\.$/],
      ["import nothing_like_it", "does not load: ModuleNotFoundError: No module named 'nothing_like_it' (own_model.py, line 1)."],
      ["x = 1", "has none of the functions inference, predict, stream, train, and no class that has them."],
      ["def train(training): pass", "has none of the functions inference, predict, stream, so nothing can answer."],
      [
        "def predict(item): pass",
        "has no function inference, so nothing can answer.",
        { inputs: [spec("a")], outputs: [spec("b")] },
      ],
      ["def inference(items, bean): pass", "has a function inference that asks for bean."],
      ["def predict(): pass", "has a function predict without a parameter."],
      ["class A:\n def predict(self, i): pass\nclass B:\n def predict(self, i): pass", "has several handlers: A, B."],
      ["class Churn:\n def predict(self, i): pass", "has no class Chrun; it has: Churn.", { handler: "Chrun" }],
      [
        "def initialize(context): context.path('model.bin')\ndef predict(i): pass",
        /^does not load: FileNotFoundError: version 1 has no file model\.bin; it has: own_model\.py/,
      ],
      [
        "def initialize(context): context.path('../../etc/passwd')\ndef predict(i): pass",
        /^does not load: FileNotFoundError: version 1 has no file/,
      ],
      ["import os\nos._exit(7)", /^does not load: its Python process ended \(exit code 7\)\.$/],
      [
        "import os\nos.write(2, b'x' * 1_000_000)\nos.write(2, b'\\nred \\x1b[31malert\\x07.\\n\\n')\nos.abort()",
        /^does not load: its Python process ended \(SIGABRT\); its last words: red \[31malert\.$/,
      ],
      [
        "while True: pass",
        /^does not load: its Python process ended \(loading took longer than 500 ms\)\.$/,
        { loadWithin: 500 },
      ],
    ];
    for (const [text, said, options] of cases) {
      const found = await loaded(text, options);
      if (said === "ready") assert.equal(found, "ready");
      else if (typeof said === "string") assert.equal(found, begin + said);
      else assert.match(found.replace(begin, ""), said);
    }
    assert.match(
      await loaded("", {}, "json.py"),
      /^json\.py of the model "broken" has the name of a module that Python has loaded already\.$/,
    );
  });

  it("is warned of with what mends it", async () => {
    lines.length = 0;
    await loaded("def inference(items, bean): pass");
    await loaded("class Churn:\n def predict(self, i): pass", { handler: "Chrun" });
    const said = lines.join("\n");
    assert.match(
      said,
      /a function inference that asks for bean\. After its first parameter it may have: context, state, sequence\./,
    );
    assert.match(said, /has no class Chrun; it has: Churn\. Did you mean Churn\?/);
  });

  it("is held against its requirements", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "model.py"), "def predict(item): return item");
    writeFileSync(join(folder, "requirements.txt"), "# comment\nno-such-package>=1.0 ; python_version > '3'\n\n-r other.txt\n");
    const needy = made("needy", { runtime: python({ module: "model.py", python: program, requirements: "requirements.txt" }) });
    const server = new ModelServer({ handlers: [needy], root: folder, log });
    await server.start();
    await server.settled();
    assert.equal(
      server.describeVersion("needy", "1").error,
      'model.py of the model "needy" needs what requirements.txt asks for: no-such-package is not installed.',
    );
    await server.close();
  });

  it("is loaded anew when it or a file that it imports changes, and no request fails meanwhile", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "ml"));
    const write = (factor: number) => writeFileSync(join(folder, "ml/factors.py"), `factor = ${factor}\n${" ".repeat(factor)}`);
    write(2);
    writeFileSync(join(folder, "ml/product.py"), "from factors import factor\ndef predict(item): return item * factor");
    const product = made("product", { runtime: python({ module: "ml/product.py", python: program }) });
    const server = new ModelServer({ handlers: [product], root: folder, log });
    await server.start();
    assert.equal(await product.predict(1), 2);
    write(3);
    const answers = new Set<unknown>();
    for (let look = 0; look < 200 && !answers.has(3); look++) {
      answers.add(await product.predict(1));
      await sleep(25);
    }
    writeFileSync(join(folder, "ml/product.py"), "def predict(item: broken");
    await sleep(900);
    answers.add(await product.predict(1));
    await server.close();
    assert.deepEqual([...answers], [2, 3]);
  });

  it("runs in the project's own virtual environment", async () => {
    const folder = temporaryFolder();
    execFileSync(program, ["-m", "venv", "--without-pip", join(folder, ".venv")]);
    writeFileSync(
      join(folder, "where.py"),
      "import sys, os\ndef predict(item): return [sys.prefix, os.environ['VIRTUAL_ENV'], os.environ['BEAN']]",
    );
    const where = made("where", { runtime: python({ module: "where.py", env: { BEAN: "arabica" } }) });
    const server = new ModelServer({ handlers: [where], root: folder, log });
    await server.start();
    const home = join(folder, ".venv");
    assert.deepEqual(await where.predict(0), [home, home, "arabica"]);
    await server.close();
  });

  it("unpickles nothing unless it is trusted", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "models/1"), { recursive: true });
    const write = "import pickle, collections, sys; pickle.dump(collections.Counter('a'), open(sys.argv[1], 'wb'))";
    execFileSync(program, ["-c", write, join(folder, "models/1/model.pkl")]);
    const of = (how: string, trusted: boolean) =>
      made(`${how}-${trusted}`, {
        source: "file:models",
        runtime: python({ module: join(root, "python/pickled.py"), python: program, trusted, parameters: { how } }),
      });
    const handlers = [of("context", false), of("library", false), of("context", true), of("library", true)];
    const server = new ModelServer({ handlers, root: folder, log });
    await server.start();
    await server.settled();
    for (const name of ["context-false", "library-false"]) {
      const { error } = server.describeVersion(name, "1");
      assert.match(
        error!,
        /Untrusted: .* is pickled, and unpickling runs whatever it holds\. Say python\(\{ trusted: true \}\)/,
        name,
      );
    }
    for (const at of [2, 3]) assert.deepEqual(await handlers[at]!.predict({}), { held: "Counter" });
    await server.close();
  });

  it("is refused where it is declared, and found missing by check", () => {
    const bad = (options: object) => () => void python(options);
    const code = "SERVING_BAD_RUNTIME";
    assert.throws(
      bad({}),
      refusal({ code, message: 'The option "module" of python() is missing.', hint: /module: "models\/churn\.py"/ }),
    );
    assert.throws(
      bad({ module: "a.js" }),
      refusal({ code, message: 'The option "module" of python() is "a.js", and must end in .py.' }),
    );
    assert.throws(bad({ module: "a.py", memory: -1 }), refusal({ code, message: /"memory" of python\(\) is -1, and must be/ }));
    assert.throws(
      bad({ module: "a.py", inputs: [] }),
      refusal({ code, message: 'The option "outputs" of python() is missing.' }),
    );
    const gone = made("gone", { runtime: python({ module: "gone.py", venv: "envs/ml" }) });
    const app = { name: "shop", handlers: { gone } };
    const found = checkServing({ apps: [app], root } as never);
    assert.deepEqual(
      found.map(({ code: named, message, hint }) => [named, message, hint]),
      [
        [
          "SERVING_CHECK_PYTHON_FILE",
          "There is no gone.py, which the option module of its Python runtime names.",
          "Write gone.py, or correct the path.",
        ],
        [
          "SERVING_CHECK_PYTHON_FILE",
          "There is no envs/ml, which the option venv of its Python runtime names.",
          "Make it: python3 -m venv envs/ml",
        ],
      ],
    );
  });

  it("without a Python says which one was looked for", async () => {
    const none = made("none", { runtime: python({ module: "python/plain.py", python: "python-of-nowhere" }) });
    const server = new ModelServer({ handlers: [none], root, log });
    await server.start();
    await server.settled();
    assert.equal(
      server.describeVersion("none", "1").error,
      'The model "none" needs Python, and python-of-nowhere cannot be started: there is no such program.',
    );
    await server.close();
  });
});
