// Models of scikit-learn and PyTorch, with Debian's packages where they are installed.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Handler, handler, type HandlerOptions, ModelServer, python } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";

const program = "/usr/bin/python3";
const root = import.meta.dirname;
const log = { info() {}, warn() {} };

/** Why a test is skipped: a module of Python that is not there. */
function without(name: string): string | false {
  const there = spawnSync(program, ["-c", `import ${name}`]).status === 0;
  return there ? false : `${program} has no ${name}`;
}

/** Has Python make a model in a version's folder, and gives what it printed. */
function make(kind: string): { folder: string; said: any } {
  const folder = join(temporaryFolder(), "1");
  const said = execFileSync(program, [join(root, "python/make_models.py"), kind, folder], { encoding: "utf8" });
  return { folder, said: said.trim() === "" ? undefined : JSON.parse(said) };
}

type Options = Partial<HandlerOptions<any, any, any, any, any>>;

/** Serves one folder as one model while something is done with it. */
async function serving(
  folder: string,
  options: Options,
  work: (model: Handler, server: ModelServer) => Promise<void>,
): Promise<void> {
  const model = handler<any, any, any, any, any>({ name: "model", source: `file:${join(folder, "..")}`, ...options });
  const server = new ModelServer({ handlers: [model], root, log });
  await server.start();
  try {
    await server.settled();
    await work(model, server);
  } finally {
    await server.close();
  }
}

const trusted = python({ python: program, trusted: true });

describe("a model of scikit-learn", { skip: without("sklearn") }, () => {
  it("is served from its pickled file, and says what it says in Python", async () => {
    const { folder, said } = make("forest");
    await serving(folder, { runtime: trusted }, async (model) => {
      const answers = await model.predictMany(said.rows);
      assert.deepEqual(answers.map((answer) => answer.prediction), said.labels); // oxfmt-ignore
      const chances = answers.map(({ probabilities }) => Object.values(probabilities));
      assert.deepEqual(chances, said.chances);
      assert.deepEqual(Object.keys(answers[0].probabilities), ["setosa", "versicolor", "virginica"]);
      await assert.rejects(
        model.predict([1, 2]),
        refusal({
          code: "SERVING_MODEL_REFUSED",
          message: 'The model "model" refused the data: input has 2 values, and the model takes 4',
        }),
      );
      await assert.rejects(model.predict("x"), refusal({ code: "SERVING_MODEL_REFUSED", message: /must be a list of numbers/ }));
    });
  });

  it("is not unpickled in a process that is not trusted", async () => {
    const { folder } = make("line");
    const pickled = python({ module: "python/pickled.py", python: program, parameters: { how: "library" } });
    await serving(folder, { runtime: pickled }, async (_model, server) => {
      assert.match(
        server.describeVersion("model", "1").error!,
        /Untrusted: sklearn\.linear_model\._base\.LinearRegression is pickled/,
      );
    });
    await serving(folder, { runtime: trusted }, async (model) => {
      const { prediction } = await model.predict({ a: 4, b: 16 });
      assert.ok(Math.abs(prediction + 4) < 1e-9, String(prediction));
    });
  });
});

describe("a model of PyTorch", { skip: without("torch") }, () => {
  it("is served from TorchScript, and says what it says in Python", async () => {
    const { folder, said } = make("script");
    await serving(folder, { runtime: trusted }, async (model) => {
      const answers = await model.predictMany([[0, 1, 2, 3], [4, 5, 6, 7]]); // oxfmt-ignore
      for (const [i, row] of (said as number[][]).entries())
        for (const [j, value] of row.entries()) assert.ok(Math.abs(value - answers[i][j]) < 1e-6);
      await assert.rejects(model.predict("x"), refusal({ code: "SERVING_MODEL_REFUSED", message: /is not an array of numbers/ }));
    });
  });

  it("is served by a module of its own with weights from the version, as tensors", async () => {
    const { folder, said } = make("script");
    const spec = (name: string, width: number) => ({ name, datatype: "FP32", shape: [-1, width] }) as const;
    const tensors = { inputs: [spec("x", 4)], outputs: [spec("scores", 3)] };
    const runtime = python({ module: "python/weights.py", python: program, trusted: true, ...tensors });
    await serving(folder, { runtime }, async (model) => {
      const { scores } = await model.predict({ x: [4, 5, 6, 7] });
      for (const [j, value] of (said[1] as number[]).entries()) assert.ok(Math.abs(value - scores[j]) < 1e-6);
    });
  });

  it("is served from a file that holds a whole module", async () => {
    const { folder } = make("module");
    await serving(folder, { runtime: trusted }, async (model) => {
      assert.equal((await model.predict([1, 2, 3, 4])).length, 1);
    });
  });
});
