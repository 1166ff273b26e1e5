// `cortado serve`, typed wrong in every way: each is told in a line with what to do, and nothing is left running.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { serveDirectory } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { putModel, timesModel } from "../models.ts";
import { startServe } from "./serve-process.ts";

const root = temporaryFolder({ after });
putModel(root, "double/1", timesModel(2));
const quiet = { info() {}, warn() {} };

describe("cortado serve", () => {
  const refused = async (t: { after(fn: () => unknown): void }, args: string[], [code, ...said]: [number, ...RegExp[]]) => {
    const { ended, said: told } = startServe(t, args, { env: { PATH: "/nowhere" } });
    assert.equal(await ended, code, `${args.join(" ")}: ${told.out}${told.err}`);
    for (const pattern of said) assert.match(told.err, pattern);
    assert.doesNotMatch(told.err, / {4}at |node:internal|does not load/);
    assert.equal(told.out, "");
  };

  it("says what is wrong with a place", async (t) => {
    const file = join(root, "double/1/model.onnx");
    await refused(t, [join(root, "nothing")], [1, /There is no folder \S+nothing to serve/, /hint {2}Make it, and put a model/]);
    await refused(t, [file], [1, /is a file, and serving takes a folder/, /hint {2}Give the folder that it lies in/]);
    await refused(t, [], [2, /serve: it needs at least one argument/, /Usage: cortado serve DIR/]);
  });

  it("says what is wrong with an option", async (t) => {
    await refused(t, [root, "--prot", "80"], [2, /"serve" has no option "--prot"/, /Did you mean "--port"\?/]);
    await refused(t, [root, "--port", "many"], [2, /--port is "many", and must be a whole number/]);
    await refused(t, [root, "--port", "70000"], [2, /--port is "70000", and must be a whole number from 0 to 65535/]);
    await refused(t, [root, "--host", "0.0.0.0"], [1, /lets other machines in/, /--token-file FILE, or --open/]);
    await refused(t, [root, "--tls-cert", "x"], [2, /--tls-cert and --tls-key are given together/]);
  });

  it("says once, before a model is loaded, that an execution provider is not there, and how it comes", async (t) => {
    const absent = process.platform === "darwin" ? "dml" : "coreml";
    await refused(
      t,
      [root, "--port", "0", "--provider", absent, "--provider", "cpu"],
      [
        1,
        new RegExp(
          `^SERVING_MISSING_PROVIDER {2}The execution provider "${absent}" cannot be used here: .*\\n {2}hint {2}It is part of`,
        ),
      ],
    );
    if (process.platform !== "linux" || process.arch !== "x64") return;
    const libraries = join(import.meta.dirname, "../../../node_modules/onnxruntime-node/bin/napi-v6/linux/x64");
    if (existsSync(join(libraries, "libonnxruntime_providers_cuda.so"))) return;
    await refused(
      t,
      [root, "--port", "0", "--provider", "cuda"],
      [
        1,
        /^SERVING_MISSING_PROVIDER {2}The execution provider "cuda" cannot be used here: its libraries are not installed\.\n {2}hint {2}On Linux x64, its libraries come with: ONNXRUNTIME_NODE_INSTALL=cuda12 npm explore .*\n {2}docs .*\n$/,
      ],
    );
  });

  it("says that a port is taken", async (t) => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    t.after(() => taken.close());
    const port = String((taken.address() as { port: number }).port);
    await refused(t, [root, "--port", port], [1, /HTTP_CANNOT_LISTEN/, /another process listens there/]);
    await refused(
      t,
      [root, "--port", "0", "--grpc-port", port],
      [1, /another process listens there/, /with --grpc-port or --host/],
    );
  });

  it("says which line of a token file is wrong", async (t) => {
    const tokens = join(temporaryFolder(t), "tokens");
    const bad = async (text: string, ...said: RegExp[]) => {
      writeFileSync(tokens, text);
      await refused(t, [root, "--port", "0", "--token-file", tokens], [1, /SERVING_BAD_TOKEN_FILE/, ...said]);
    };
    await bad("# mine\npredict secret\n", /has a token of 6 characters in line 2, and 16 are the fewest/, /hint {2}Each line is/);
    await bad("0123456789abcde\n", /has a token of 15 characters in line 1/);
    await bad("look 0123456789abcdef\n", /has an unknown scope in line 1/);
    await bad("predict, manage 0123456789abcdef\n", /has more than scopes and a token in line 1/);
    await bad("", /holds no token/);
    const absent = join(tokens, "nothing");
    await refused(t, [root, "--token-file", absent], [1, /cannot be read \(ENOTDIR\)/]);
  });

  it("says that git is not installed, and how it is", async (t) => {
    const cache = temporaryFolder(t);
    const address = "git+https://git.example.com/acme/models.git@main";
    await refused(t, [address, "--port", "0", "--cache", cache], [1, /SERVING_NO_GIT/, /hint {2}Install it: apt install git/]);
  });

  it("does not start without a source of which nothing is known, and says how it would", async (t) => {
    const cache = temporaryFolder(t);
    const address = "s3://models?endpoint=http://127.0.0.1:9&region=eu-central-1";
    const signed = "https://127.0.0.1:9/digits.zip?signature=secret";
    const env = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret", AWS_MAX_ATTEMPTS: "1" };
    const { ended, said } = startServe(t, [address, "--port", "0", "--cache", cache], { env });
    assert.equal(await ended, 1);
    assert.match(
      said.err,
      /SERVING_SOURCE_UNREACHED {2}Nothing can be served from s3:\/\/models\S*: .*\n {2}hint .*--keep-trying/,
    );
    const waits = startServe(t, [address, "--port", "0", "--cache", cache, "--keep-trying"], { env });
    await waits.says(/^There are no models yet\.\ns3:\/\/models is not reached, and is tried again\.$/m);
    waits.child.kill("SIGTERM");
    assert.equal(await waits.ended, 0);
    const shown = startServe(t, [signed, "--allow", "https://127.0.0.1:9", "--port", "0", "--cache", cache, "--keep-trying"]);
    await shown.says(/^Serving https:\/\/127\.0\.0\.1:9\/digits\.zip\?… at /m);
    shown.child.kill("SIGTERM");
    await shown.ended;
    assert.doesNotMatch(shown.said.out + shown.said.err, /secret/);
  });
});

describe("a server of models", () => {
  it("starts on an empty folder, and says what a model is", async (t) => {
    const { url, said, says, child, ended } = startServe(t, [temporaryFolder(t), "--port", "0"]);
    assert.equal((await fetch(`${await url()}/health/ready`)).status, 200);
    await says(/There are no models yet\. A model is a folder with a numbered folder in it: NAME\/1\/model\.onnx\./);
    child.kill("SIGINT");
    assert.equal(await ended, 0);
    assert.equal(said.err, "");
  });

  it(
    "names a folder that it cannot read, and serves the others",
    { skip: process.getuid?.() === 0 && "root reads everything" },
    async (t) => {
      const folder = temporaryFolder(t);
      putModel(folder, "double/1", timesModel(2));
      putModel(folder, "secret/1", timesModel(3));
      chmodSync(join(folder, "secret"), 0);
      t.after(() => chmodSync(join(folder, "secret"), 0o700));
      const server = await serveDirectory(folder, { port: 0, log: quiet });
      t.after(() => server.close());
      assert.match(server.notices.join(), /secret/);
    },
  );

  it("shows by a model that answers how one is asked", async (t) => {
    const folder = temporaryFolder(t);
    putModel(folder, "broken/1", Buffer.from("no model"));
    putModel(folder, "double/1", timesModel(2));
    const served = startServe(t, [folder, "--port", "0"]);
    await served.says(/^What a model takes: curl http:\S+\/api\/models\/double$/m);
    assert.match(served.said.out, /^ {2}broken +1 +failed$/m);
  });

  it("says that a model which is to be loaded is not there, and takes a folder that is named twice once", async (t) => {
    const options = { port: 0, mode: "explicit", load: ["doubel", "*"], log: quiet } as const;
    const server = await serveDirectory([root, `${root}/`], options);
    t.after(() => server.close());
    assert.deepEqual(server.notices, ['There is no model "doubel" to be loaded. Did you mean "double"?']);
  });

  it("takes a model that two folders have from the first, and its other versions from the second", async (t) => {
    const [first, second] = [temporaryFolder(t), temporaryFolder(t)];
    putModel(first, "times/1", timesModel(2));
    putModel(second, "times/1", timesModel(3));
    putModel(second, "times/2", timesModel(4));
    const server = await serveDirectory([first, second], { port: 0, log: quiet });
    t.after(() => server.close());
    assert.deepEqual(server.notices, [`times lies in ${second} too: a version that both have comes from ${first}.`]);
    const ask = async (version: string) => (await server.models.predict("times", [{ x: [1, 1] }], { version })).outputs[0];
    assert.deepEqual([await ask("1"), await ask("2")], [{ y: [2, 2] }, { y: [4, 4] }]);
  });

  it("overlooks no model of any runtime, and says what lies beside the models", async (t) => {
    const folder = temporaryFolder(t, { "web/1/model.json": "{}", "notes/readme.txt": "x", "my model/1/model.onnx": "x" });
    putModel(folder, "double/1", timesModel(2));
    mkdirSync(join(folder, "flat"));
    mkdirSync(join(folder, "begun/1"), { recursive: true });
    writeFileSync(join(folder, "flat/model.json"), "{}");
    const server = await serveDirectory(folder, { port: 0, loading: "lazy", log: quiet });
    t.after(() => server.close());
    assert.deepEqual(server.notices.length, 3);
    assert.match(server.notices.join("\n"), /begun is passed over: its version 1 is empty\./);
    assert.match(server.notices.join("\n"), /my model is passed over: a model's name has letters/);
    assert.match(server.notices.join("\n"), /notes is passed over: it has no version in it/);
    assert.deepEqual(
      await serveDirectory(join(folder, "flat"), { port: 0, loading: "lazy", log: quiet }).then(
        async (one) => (await one.close(), one.notices),
      ),
      [],
    );
  });
});
