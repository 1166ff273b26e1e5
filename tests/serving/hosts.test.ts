import assert from "node:assert/strict";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { describeOnnx, handler, ModelServer } from "cortado/serving";
import {
  chainModel,
  externalModel,
  gatherModel,
  identityModel,
  loopModel,
  putModel,
  temporaryFolder,
  timesModel,
} from "./models.ts";
import { onnxModel } from "./onnx-writer.ts";
import { refusal } from "./refused.ts";

const root = temporaryFolder();
const models = join(root, "models");
putModel(models, "double/1", timesModel(2));
putModel(models, "triple/1", timesModel(3));
putModel(models, "gather/1", gatherModel());
putModel(models, "slow/1", chainModel(40, 384));
putModel(root, "endless/1", loopModel());
const endless = handler({ name: "endless", source: "file:endless", deadline: 300 });

const server = new ModelServer({ directories: [models], handlers: [endless], root });
await server.start();
await server.settled();
after(() => server.close());

const double = async (x: number) => (await server.predict("double", [{ x: [x, x] }])).outputs[0];

describe("a model host", () => {
  it("comes back after it was killed, and no request notices", async () => {
    const before = server.hosts.processIds();
    let sent = 0;
    let stop = false;
    const clients = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const x = ++sent;
        assert.deepEqual(await double(x), { y: [2 * x, 2 * x] });
      }
    });
    for (let i = 0; i < 3; i++) {
      await sleep(150);
      for (const processId of server.hosts.processIds()) process.kill(processId, "SIGKILL");
    }
    await sleep(500);
    stop = true;
    await Promise.all(clients);
    assert.ok(sent > 50);
    assert.ok(server.hosts.processIds().every((processId) => !before.includes(processId)));
  });

  it("is killed by a run that overruns its deadline, while other models' requests are sent again", async () => {
    const overrun = server.predict("endless", [{ count: 2 ** 40 }]);
    const others = (async () => {
      for (let x = 0; x < 200; x++) {
        assert.deepEqual(await double(x), { y: [2 * x, 2 * x] });
        await sleep(4);
      }
    })();
    await assert.rejects(
      overrun,
      refusal({ code: "SERVING_DEADLINE", message: 'The model "endless" did not answer within 300 ms.' }),
    );
    await others;
    assert.deepEqual((await server.predict("endless", [{ count: 7 }])).outputs, [{ y: [7n] }]);
  });

  it("that ends again and again under one prediction fails that prediction alone", async () => {
    const patient = handler({ name: "patient", source: "file:endless", deadline: 30_000 });
    const other = new ModelServer({ handlers: [patient], root });
    await other.start();
    await other.settled();
    const doomed = other.predict("patient", [{ count: 2 ** 40 }]).catch((error: unknown) => error);
    const killing = setInterval(() => other.hosts.processIds().forEach((processId) => process.kill(processId, "SIGKILL")), 600);
    const error = await doomed;
    clearInterval(killing);
    assert.throws(
      () => {
        throw error;
      },
      refusal({
        code: "SERVING_HOST_LOST",
        message: 'The process that runs the model "patient" ended 3 times on this prediction.',
        hint: "The model crashes or runs out of memory on this input; try a smaller one.",
      }),
    );
    assert.deepEqual((await other.predict("patient", [{ count: 3 }])).outputs, [{ y: [3n] }]);
    await other.close();
  });

  it("keeps the web process responsive while a model runs long", async () => {
    await server.predict("slow", [{ x: Array.from({ length: 384 }, () => Array.from({ length: 384 }, () => 0)) }]);
    const x = Array.from({ length: 384 }, () => Array.from({ length: 384 }, () => 0.1));
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    const { ran } = await server.predict("slow", [{ x }]);
    clearInterval(ticking);
    // A process that ran the model itself would have none; a busy machine leaves this one few.
    assert.ok(ticks > 2, `${ticks} ticks in ${ran} ms`);
  });

  it("answers what the model itself refuses, and only to the one who sent it", async () => {
    const [bad, good] = await Promise.allSettled([server.predict("gather", [{ x: 99 }]), server.predict("gather", [{ x: 2 }])]);
    assert.deepEqual(good.status === "fulfilled" && good.value.outputs, [{ y: 12 }]);
    assert.throws(
      () => {
        throw (bad as PromiseRejectedResult).reason;
      },
      refusal({
        code: "SERVING_MODEL_REFUSED",
        message: /^The model "gather" refused the data: .*idx=99/,
        hint: /^The input has the right types and shapes/,
      }),
    );
  });
});

describe("an artifact", () => {
  const tryModel = async (fill: (folder: string) => void) => {
    const folder = temporaryFolder();
    fill(folder);
    return describeOnnx(join(folder, "model.onnx"));
  };

  it("is described in a process of its own", async () => {
    const signature = await tryModel((folder) =>
      writeFileSync(
        join(folder, "model.onnx"),
        identityModel("double", ["", "unk__314", 3], { input: "onnx::Flatten_0", output: '{"a": 1}' }),
      ),
    );
    assert.deepEqual(signature, {
      inputs: [{ name: "onnx::Flatten_0", datatype: "FP64", shape: [-1, -1, 3] }],
      outputs: [{ name: '{"a": 1}', datatype: "FP64", shape: [-1, -1, 3] }],
    });
  });

  it("that is not a model is refused", async () => {
    await assert.rejects(
      tryModel((folder) => writeFileSync(join(folder, "model.onnx"), "hello")),
      /not an ONNX model|not a complete ONNX model/,
    );
    await assert.rejects(tryModel((folder) => writeFileSync(join(folder, "model.onnx"), timesModel(2).subarray(0, 60))));
    await assert.rejects(
      tryModel((folder) => writeFileSync(join(folder, "model.onnx"), "")),
      /model.onnx is empty/,
    );
  });

  it("reads weights that lie beside it", async () => {
    const { inputs } = await tryModel((folder) => {
      putModel(folder, ".", externalModel("weights.bin"));
      writeFileSync(join(folder, "weights.bin"), Float32Array.of(1, 2));
    });
    assert.equal(inputs[0]!.name, "x");
  });

  it("reads no weights from elsewhere", async () => {
    for (const location of ["../weights.bin", "/etc/hostname", "sub/weights.bin", "..", "a\\b", "missing.bin"]) {
      await assert.rejects(
        tryModel((folder) => {
          putModel(folder, ".", externalModel(location));
          mkdirSync(join(folder, "sub"));
          writeFileSync(join(folder, "sub/weights.bin"), Float32Array.of(1, 2));
        }),
        /^Error: model\.onnx reads its weights from ".*", which is not (a plain file name|there)\. Weights lie beside the model, as ordinary files\.$/,
      );
    }
  });

  it("reads no weights through links of either kind", async () => {
    const outside = join(temporaryFolder(), "secret.bin");
    writeFileSync(outside, Float32Array.of(1, 2));
    for (const [link, problem] of [
      [linkSync, "has a second name elsewhere"],
      [symlinkSync, "is not an ordinary file"],
    ] as const) {
      await assert.rejects(
        tryModel((folder) => {
          putModel(folder, ".", externalModel("weights.bin"));
          link(outside, join(folder, "weights.bin"));
        }),
        new RegExp(problem),
      );
    }
  });

  it("that is a link out of its folder is refused", async () => {
    const outside = putModel(temporaryFolder(), "x", timesModel(2));
    await assert.rejects(
      tryModel((folder) => symlinkSync(join(outside, "model.onnx"), join(folder, "model.onnx"))),
      /model\.onnx is a link that leads out of its folder/,
    );
  });

  it("without an output that is a tensor is refused", async () => {
    const model = onnxModel({ nodes: [], inputs: [], outputs: [] });
    await assert.rejects(tryModel((folder) => writeFileSync(join(folder, "model.onnx"), model)));
  });
});

describe("closing", () => {
  it("finishes what is in flight, and leaves no process behind", async () => {
    const other = new ModelServer({ directories: [models] });
    await other.start();
    await other.settled();
    const x = Array.from({ length: 384 }, () => Array.from({ length: 384 }, () => 0));
    const running = other.predict("slow", [{ x }]);
    await sleep(5);
    const processIds = other.hosts.processIds();
    await other.close();
    assert.equal((await running).model, "slow");
    for (const processId of processIds) assert.throws(() => process.kill(processId, 0), /ESRCH/);
  });
});
