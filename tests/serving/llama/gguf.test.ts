// GGUF files that are damaged, or lie: they are refused before native code reads them. No package is needed for that.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { examinePlace, handler, llama, ModelServer, writeManifest } from "cortado/serving";
import { refusal } from "../refused.ts";
import { ggufBytes, type GgufTensor } from "./gguf-writer.ts";
import { tinyMetadata, tinyTensors, writeTinyLlama } from "./tiny-llama.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const metadata = tinyMetadata();
const tensors = tinyTensors();
const whole = ggufBytes(metadata, tensors);
const withTensor = (says: GgufTensor["says"]) =>
  ggufBytes(metadata, [{ ...tensors[0]!, ...(says && { says }) }, ...tensors.slice(1)]);
const withValue = (key: string, value: (typeof metadata)[string]) => ggufBytes({ ...metadata, [key]: value }, tensors);

/** The number of eight bytes that stands behind a text. */
function withNumber(behind: string, skip: number, number: bigint): Buffer {
  const bytes = Buffer.from(whole);
  const at = bytes.indexOf(behind);
  assert.ok(at >= 0);
  bytes.writeBigUInt64LE(number, at + behind.length + skip);
  return bytes;
}

const cases: Record<string, [content: Buffer, problem: string]> = {
  text: [Buffer.from("no model at all, but text"), "is not a GGUF file"],
  empty: [Buffer.alloc(0), "is not a GGUF file"],
  older: [ggufBytes(metadata, tensors, { version: 1 }), "is a GGUF file of version 1; versions 2 and 3 are read"],
  turned: [
    ggufBytes(metadata, tensors, { version: 0x03000000 }),
    "is a GGUF file of version 50331648; versions 2 and 3 are read",
  ],
  none: [ggufBytes(metadata, []), "says that it has 0 tensors"],
  many: [ggufBytes(metadata, tensors, { tensors: 2n ** 40n }), "says that it has 1099511627776 tensors"],
  endless: [ggufBytes(metadata, tensors, { tensors: 2n ** 63n }), "says that the number of tensors is 9223372036854775808"],
  entries: [ggufBytes(metadata, tensors, { entries: 2n ** 33n }), "says that it has 8589934592 entries of metadata"],
  key: [withNumber("GGUF", 20, 2n ** 60n), "says that the length of the name of entry 0 is 1152921504606846976"],
  name: [withNumber("GGUF", 20, 2n ** 40n), "says that the name of entry 0 has 1099511627776 bytes"],
  list: [
    withNumber("tokenizer.ggml.scores", 8, 2n ** 40n),
    'says that "tokenizer.ggml.scores" has 1099511627776 elements, which it cannot hold',
  ],
  listed: [
    withNumber("tokenizer.ggml.tokens", 16, 2n ** 40n),
    'says that element 0 of "tokenizer.ggml.tokens" has 1099511627776 bytes',
  ],
  nameless: [withValue("general.architecture", { type: "uint32", value: 1 }), "does not say its architecture"],
  alignment: [withValue("general.alignment", { type: "uint32", value: 33 }), "says that its alignment is 33"],
  part: [withValue("split.count", { type: "uint32", value: 3 }), "is one of 3 parts"],
  flat: [withTensor({ shape: [] }), 'gives the tensor "token_embd.weight" 0 dimensions'],
  deep: [withTensor({ shape: [1, 1, 1, 1, 64] }), 'gives the tensor "token_embd.weight" 5 dimensions'],
  hollow: [withTensor({ shape: [0, 64] }), 'gives the tensor "token_embd.weight" the shape [0, 64], which its type cannot have'],
  vast: [
    withTensor({ shape: [2 ** 30, 2 ** 30] }),
    'gives the tensor "token_embd.weight" the shape [1073741824, 1073741824], which its type cannot have',
  ],
  type: [withTensor({ type: 5 }), 'gives the tensor "token_embd.weight" the type 5, which is not known'],
  block: [withTensor({ type: 12 }), 'gives the tensor "token_embd.weight" the shape [64, 260], which its type cannot have'],
  odd: [withTensor({ offset: 7 }), 'places the tensor "token_embd.weight" at 7, which is no multiple of 32'],
  cut: [whole.subarray(0, whole.length - 64), 'places the tensor "blk.0.ffn_down.weight" at'],
  head: [whole.subarray(0, 400), "ends within its head, after 400 bytes"],
};

describe("A GGUF file", () => {
  const root = temporaryFolder();
  const log = { info() {}, warn() {} };
  const server = new ModelServer({ directories: ["."], root, log });
  /** The others are read as files, which takes no process for each. */
  const served = ["text", "cut", "vast"];
  const names = [...served, "beyond", "sound", "linked", "several", "changed"];
  const put = (name: string, content: Buffer, file = "model.gguf") => {
    mkdirSync(join(root, name, "1"), { recursive: true });
    writeFileSync(join(root, name, "1", file), content);
  };
  before(async () => {
    for (const name of served) put(name, cases[name]![0]);
    put("beyond", withTensor({ offset: 2 ** 20 }));
    put("sound", whole);
    put("several", whole, "a.gguf");
    put("several", whole, "b.gguf");
    put("changed", whole);
    await writeManifest(join(root, "changed/1"), { model: "changed", version: "1" });
    put("changed", Buffer.concat([whole, Buffer.alloc(32)]));
    mkdirSync(join(root, "linked/1"), { recursive: true });
    symlinkSync(join(root, "sound/1/model.gguf"), join(root, "linked/1/model.gguf"));
    await server.start();
    await server.settled();
  });
  after(() => server.close());
  const problem = (name: string) => server.versions(name)[0]!.error ?? "";

  it("that is damaged or lies about its lengths is refused, with what is wrong", async () => {
    assert.deepEqual(server.list().map(({ name }) => name), names.toSorted()); // oxfmt-ignore
    const file = join(root, "model.gguf");
    for (const [content, wanted] of Object.values(cases)) {
      writeFileSync(file, content);
      const { problem: found = "" } = await examinePlace(file);
      assert.ok(found.startsWith(`model.gguf ${wanted}`), found);
    }
    rmSync(file);
    for (const name of served) assert.ok(problem(name).startsWith(`model.gguf ${cases[name]![1]}`), problem(name));
    assert.match(
      problem("beyond"),
      /^model\.gguf places the tensor "token_embd\.weight" at 1048576 with 66560 bytes, and has \d+ for all/,
    );
  });

  it("that is a link out of its folder, one of several, or other than its manifest says is refused", () => {
    assert.match(problem("linked"), /^model\.gguf is a link that leads out of its folder/);
    assert.match(problem("several"), /^model\.gguf is not there; a\.gguf, b\.gguf are/);
    assert.match(problem("changed"), /has another digest for model\.gguf than the file/);
  });

  it("that is sound wants a package, which is named with the line that installs it", async () => {
    assert.match(problem("sound"), /^Running GGUF models needs the package "node-llama-cpp", which is not installed/);
    await assert.rejects(server.predict("sound", ["a"]), refusal({ code: "SERVING_NOT_READY", message: /node-llama-cpp/ }));
  });
});

describe("llama()", () => {
  it("computes with all cores of the machine but one, or as many threads as it is told", async (t) => {
    // The project's own package, which tells what it was asked for.
    const root = temporaryFolder(t, {
      "node_modules/node-llama-cpp/package.json": '{ "name": "node-llama-cpp", "type": "module", "exports": "./index.js" }',
      "node_modules/node-llama-cpp/index.js":
        "export async function getLlama({ maxThreads }) { throw new Error(`${maxThreads} threads were asked for`); }",
    });
    for (const name of ["usual", "told"]) writeTinyLlama(join(root, name, "1/model.gguf"));
    const usual = handler({ name: "usual", source: "file:usual", runtime: llama() });
    const told = handler({ name: "told", source: "file:told", runtime: llama({ threads: 3 }) });
    const models = new ModelServer({ handlers: [usual, told], root, log: { info() {}, warn() {} } });
    await models.start();
    t.after(() => models.close());
    await models.settled();
    const asked = (name: string) => /(\d+) threads were asked for/.exec(models.versions(name)[0]!.error ?? "")?.[1];
    assert.deepEqual([asked("usual"), asked("told")], [String(Math.max(1, availableParallelism() - 1)), "3"]);
  });

  it("refuses options that it cannot take", () => {
    const cases: [object, string, RegExp?][] = [
      [{ context: 0 }, 'The option "context" of llama() is 0, and has to be a whole number from 1 on.'],
      [{ threads: 1.5 }, 'The option "threads" of llama() is 1.5, and has to be a whole number from 1 on.'],
      [{ gpu: "cuba" }, 'The option "gpu" of llama() is "cuba". There are: false, auto, cuda, vulkan, metal.', /cuda/],
      [{ gpuLayers: 5 }, 'The option "gpuLayers" of llama() has a meaning only with gpu.', /gpu: "auto"/],
    ];
    for (const [options, message, hint] of cases)
      assert.throws(() => llama(options), refusal({ code: "SERVING_BAD_RUNTIME", message, hint }));
    assert.equal(handler({ name: "a", runtime: llama() }).options.runtime!.kind, "llama");
  });
});
