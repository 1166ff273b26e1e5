// `cortado models`: what an operator sees and changes, in a folder of models and on a running server.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { serveDirectory, type ServedDirectory } from "cortado/serving";
import { runCli } from "../../cli/run-cli.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

const quiet = { info: () => {}, warn: () => {} };
const root = temporaryFolder();
for (const version of ["1", "2", "3"]) putModel(root, `times/${version}`, timesModel(Number(version)));
putModel(root, "broken/1", Buffer.from("no model at all"));
after(() => rmSync(root, { recursive: true, force: true }));
const token = "a-token-of-the-operator-1234";
const cli = (...argv: string[]) => runCli(["models", ...argv], root);

describe("cortado models on a running server", { concurrency: false }, () => {
  let server: ServedDirectory;
  before(async () => {
    writeFileSync(join(root, ".tokens"), `predict,manage ${token}\n`);
    process.env["CORTADO_TOKEN"] = token;
    server = await serveDirectory(root, {
      port: 0,
      mode: "explicit",
      load: ["times"],
      tokenFile: join(root, ".tokens"),
      log: quiet,
    });
    await server.models.settled();
  });
  after(async () => {
    delete process.env["CORTADO_TOKEN"];
    await server.close();
    rmSync(join(root, ".aliases.json"), { force: true });
  });
  const there = (...argv: string[]) => cli(...argv, "--url", server.url);

  it("lists versions with their runtimes, states, aliases and memory", async () => {
    const { code, out } = await there("list");
    assert.equal(code, 0);
    assert.match(out, /^model +version +runtime +state +aliases +memory +created$/m);
    assert.match(out, /^times +3 +onnx +ready +default +[\d.]+ [kM]?B/m);
    assert.match(out, /^ +2 +unloaded$/m);
    const listed = JSON.parse((await there("list", "--json")).out) as { name: string; versions: { version: string }[] }[];
    assert.deepEqual(
      listed.map(({ name, versions }) => [name, versions.length]),
      [
        ["broken", 1],
        ["times", 3],
      ],
    );
  });

  it("describes what a model takes and gives", async () => {
    const { out } = await there("describe", "times");
    assert.match(out, /^times\nready/);
    assert.match(out, /takes +x +FP32 +\[-1, 2\]\ngives +y +FP32 +\[-1, 2\]/);
    assert.match(out, /^3 +onnx +ready +default/m);
  });

  it("promotes, gives a canary its share, and rolls back", async () => {
    assert.equal((await there("promote", "times", "2")).out, "times default → 2\n");
    assert.equal((await there("promote", "times", "1", "--canary", "5", "--key", "X-User")).out, "times default → 2, 5 % to 1\n");
    assert.match((await there("list")).out, /^ +1 +onnx +ready +default 5 %/m);
    assert.equal((await there("rollback", "times")).out, "times default → 2\n");
    assert.equal((await there("promote", "times", "1", "--shadow", "50")).out, "times default → 2, 50 % compared with 1\n");
    assert.equal((await there("promote", "times", "3", "--alias", "champion")).out, "times champion → 3\n");
  });

  it("loads and lets go", async () => {
    assert.match((await there("unload", "times")).out, /times 3 {2}unloaded/);
    assert.match((await there("load", "times", "--version", "1")).out, /times 1 {2}ready/);
  });

  it("says what the server refused, with its hint", async () => {
    const { code, err } = await there("promote", "tims", "2");
    assert.equal(code, 1);
    assert.match(
      err,
      /CLI_SERVER_REFUSED {2}http:\S+ answered 404: There is no model "tims"\..*\n {2}hint {2}Did you mean "times"\?/,
    );
    const broken = await there("load", "broken");
    assert.match(broken.err, /CLI_SERVER_REFUSED {2}\S+ answered \d+: .*does not load/);
  });
});

describe("cortado models on a folder", { concurrency: false }, () => {
  const here = (...argv: string[]) => cli(...argv, "--dir", root);

  it("lists without loading what serving would run, and what would answer", async () => {
    const { out } = await here("list");
    assert.match(out, /^times +3 +onnx +unloaded +default$/m);
    assert.match(out, /^ +2 +onnx +unloaded$/m);
    assert.match((await here("describe", "times")).out, /^ready, anyone may ask it$/m);
  });

  it("lists, promotes, and the change is there for whoever serves the folder", async () => {
    assert.equal((await here("promote", "times", "1")).out, "times default → 1\n");
    assert.match((await here("list")).out, /^ +1 +(?:onnx +)?\w+ +default/m);
    const server = await serveDirectory(root, { port: 0, log: quiet });
    try {
      await server.models.settled();
      assert.equal((await server.models.predict("times", [{ x: [1, 1] }])).version, "1");
    } finally {
      await server.close();
    }
    assert.match((await here("rollback", "times")).out, /times default → \d\n/);
  });

  it("rolls back to the version below the newest where nothing was promoted", async () => {
    const fresh = temporaryFolder();
    try {
      for (const version of ["1", "2"]) putModel(fresh, `times/${version}`, timesModel(Number(version)));
      assert.equal((await cli("rollback", "times", "--dir", fresh)).out, "times default → 1\n");
      const { out, err } = await cli("list", "--dir", join(fresh, "times"));
      assert.match(out, /^1 +1 +onnx/m);
      assert.match(err, /holds the versions of one model\. Serve the folder above it: times is the model then\./);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });

  it("shows why a version does not load", async () => {
    const { out } = await here("describe", "broken");
    assert.doesNotMatch(out, /default/);
    assert.match(out, /^1 +onnx +failed/m);
    assert.match(out, /^Version 1: /m);
  });
});

describe("cortado models, when it is asked wrongly", () => {
  it("names the commands that there are", async () => {
    const { code, err } = await cli("prommote", "times", "1");
    assert.equal(code, 2);
    assert.match(err, /CLI_UNKNOWN_COMMAND {2}There is no command "models prommote"[\s\S]*Did you mean "models promote"\?/);
  });

  it("says where models may be, outside of a project", async () => {
    for (const command of ["list", "describe times", "rollback times"]) {
      const { code, err } = await cli(...command.split(" "));
      assert.equal(code, 1);
      assert.match(err, /^CLI_NO_PROJECT .*\n {2}hint {2}Say where the models are by --dir DIR or --url URL, run the command/);
    }
    assert.match((await cli("doctor", "times-of-nobody")).err, /hint {2}Say where the models are by --dir DIR, run/);
  });

  it("says that a server is to be named, or does not answer", async () => {
    const unnamed = await cli("load", "times");
    assert.equal(unnamed.code, 1);
    assert.match(
      unnamed.err,
      /CLI_NEEDS_SERVER {2}"models load" asks a running server, and none is named\.\n {2}hint {2}Name it: --url/,
    );
    const absent = await cli("list", "--url", "http://127.0.0.1:48999");
    assert.match(
      absent.err,
      /CLI_SERVER_UNREACHABLE {2}There is no answer from http:\/\/127\.0\.0\.1:48999\/api\/models: ECONNREFUSED\.\n {2}hint {2}Does it run/,
    );
    assert.match((await cli("list", "--url", "nonsense")).err, /that is not an address of one/);
  });

  it("says that a token is missing or wrong, and not that there are no models", async () => {
    writeFileSync(join(root, ".tokens"), `predict,manage ${token}\n`);
    const server = await serveDirectory(root, { port: 0, loading: "lazy", tokenFile: join(root, ".tokens"), log: quiet });
    try {
      for (const given of ["", "wrong-0123456789-wrong"]) {
        process.env["CORTADO_TOKEN"] = given;
        const { code, out, err } = await cli("list", "--url", server.url);
        assert.deepEqual([code, out], [1, ""]);
        assert.match(
          err,
          /CLI_SERVER_REFUSED {2}\S+ answered 401: .*token.*\n {2}hint {2}Send it as .*\. A command takes its token from CORTADO_TOKEN; .* the scope manage\./,
        );
      }
    } finally {
      delete process.env["CORTADO_TOKEN"];
      await server.close();
    }
  });

  it("asks for a token where the server refuses without one", async () => {
    const server = await serveDirectory(root, { port: 0, loading: "lazy", log: quiet });
    try {
      const { err } = await cli("promote", "times", "1", "--url", server.url);
      assert.match(
        err,
        /CLI_SERVER_REFUSED {2}\S+ answered 401.*\n {2}hint {2}Start the server with --token-file FILE, .*\. A command takes its token from CORTADO_TOKEN;/,
      );
    } finally {
      await server.close();
    }
  });
});

describe("cortado serve, told how models are run", () => {
  const serve = (...options: string[]) => runCli(["serve", root, "--port", "0", ...options], root);

  it("refuses what cannot be meant", async () => {
    const none = await serve("--threads", "0");
    assert.equal(none.code, 2);
    assert.match(none.err, /--threads is "0", and must be a whole number from 1\n/);
    assert.match((await serve("--host-memory", "much")).err, /--host-memory is "much", and must be a size like 500MB or 2GB/);
    assert.match((await serve("--provider", "cudo")).err, /names "cudo"[\s\S]*Did you mean "cuda"\?/);
  });

  it("runs models without a handler with so many threads", async () => {
    const server = await serveDirectory(root, { port: 0, onnx: { threads: 2 }, hosts: { memory: 2 ** 31 }, log: quiet });
    try {
      assert.deepEqual((await server.models.predict("times", [{ x: [1, 1] }])).outputs, [{ y: [3, 3] }]);
    } finally {
      await server.close();
    }
    const absent = process.platform === "darwin" ? "dml" : "coreml";
    await assert.rejects(
      serveDirectory(root, { port: 0, onnx: { providers: [absent] }, log: quiet }),
      refusal({ code: "SERVING_MISSING_PROVIDER", message: /execution provider "\w+" cannot be used here/ }),
    );
  });
});
