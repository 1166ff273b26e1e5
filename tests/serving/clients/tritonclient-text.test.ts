// Triton's own client asks models that write text: a GGUF file, and a handler.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { type CompletionItem, handler, llama, ModelServer, protocolUrls, startGrpc } from "cortado/serving";
import { llamaPackages } from "../llama/llama-package.ts";
import { modelsFolder } from "../llama/served-llama.ts";
import { writeTinyLlama } from "../llama/tiny-llama.ts";
import { protocolSite } from "../protocols/protocol-site.ts";
import { pythonEnvironment } from "./python-environment.ts";

/** Goes on with the alphabet, as the GGUF file does. */
const letters = handler({
  name: "letters",
  task: "completion",
  access: "public",
  async *stream({ prompt, maxTokens = 20, stop = [] }: CompletionItem) {
    let text = "";
    for (let n = 0; n < maxTokens; n++) {
      const letter = String.fromCharCode(prompt.charCodeAt(prompt.length - 1) + 1 + n);
      text += letter;
      const ended = stop.find((each) => text.endsWith(each));
      if (ended) return yield { finishReason: "stop" as const };
      if (!stop.some((each) => each.startsWith(letter))) yield letter;
    }
    yield { finishReason: "length" as const };
  },
  collect: (pieces) => ({ content: pieces.filter((piece) => typeof piece === "string").join("") }),
});
const writer = handler({ name: "writer", source: "file:writer", access: "public", runtime: llama({ threads: 1 }) });
const served = llamaPackages === undefined ? [letters] : [letters, writer];

for (const kind of ["http", "grpc"] as const) {
  const environment = pythonEnvironment(`tritonclient-${kind}`, { packages: [`tritonclient[${kind}]`] });
  describe(`Triton's client, over ${kind}`, { skip: environment === undefined && "PyPI cannot be reached" }, () => {
    let close: () => Promise<void>;
    let address: string;
    before(async () => {
      const root = modelsFolder();
      if (served.includes(writer)) writeTinyLlama(join(root, "writer/1/model.gguf"));
      const log = { info() {}, warn() {} };
      const models = new ModelServer({ handlers: served, root, log });
      if (kind === "http") {
        const site = await protocolSite(protocolUrls(["open-inference"]), models);
        [address, close] = [site.url.replace("http://", ""), () => site.close()];
      } else {
        await models.start();
        await models.settled();
        const server = await startGrpc(models, { port: 0, authorizer: { authorize() {} }, log });
        close = () => server.close().then(() => models.close());
        address = server.address;
      }
    });
    after(() => close());

    for (const { name } of served)
      it(`asks ${name} with text_input`, { timeout: 60_000 }, async () => {
        const python = join(environment!, "bin/python");
        const script = join(import.meta.dirname, "triton_text.py");
        const { stdout } = await promisify(execFile)(python, [script, kind, address, name], { timeout: 50_000 });
        const told = JSON.parse(stdout) as Record<string, any>;
        assert.deepEqual(told["metadata"], [["text_input"], ["text_output", "finish_reason"]]);
        assert.deepEqual(told["inputs"], [["d"], ["stop"]]);
        assert.deepEqual(told["sampling"], [["def"], null]);
        assert.deepEqual(told["back"], [["abcdef"], ["length"]]);
        assert.deepEqual(told["parameters"], [["def"], ["length"]]);
        assert.match(JSON.stringify(told["items"]), /d.*e/);
        assert.match(told["two"], /text_input is an array of 2, and must be a text/);
        assert.match(told["none"], /text_input/);
        assert.match(told["streamed"], /stream is true, and the answer here is one piece/);
        if (kind === "http") return;
        const last = [[""], ["length"]];
        assert.deepEqual(told["pieces"], [[["d"], null], [["e"], null], [["f"], null], last]); // oxfmt-ignore
        assert.deepEqual(told["by_parameters"], [[["d"], null], last]);
        assert.deepEqual(told["whole"], [[["def"], ["length"]]]);
        assert.match(told["refused"], /^max_tokens is the number 0/);
      });
  });
}
