import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { after, afterEach, describe, it, type TestContext } from "node:test";
import { handler, ModelServer, type OpenSourceOptions, readManifest } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { refusal } from "../refused.ts";
import { fetched, openedSource } from "./opened-source.ts";
import { tarOf } from "./tar-writer.ts";
import { startWeb } from "./web-server.ts";

const web = await startWeb({ after });
const other = await startWeb({ after });
let count = 0;
afterEach(() => (web.trouble = undefined));

const opened = (t: TestContext, source: string, options: OpenSourceOptions = {}) =>
  openedSource(t, source, { allow: [web.url], ...options });

function put(content: string | Uint8Array, name = "digits.onnx"): string {
  const path = `/web-${++count}/${name}`;
  web.files.set(path, Buffer.from(content as Uint8Array));
  return path;
}

const model = (folder: string) => readFileSync(join(folder, "model.onnx"), "utf8");
const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

describe("models on the web", () => {
  it("are a single file, or an archive, and another version when they change", async (t) => {
    const path = put("first");
    const repository = opened(t, web.url + path);
    const first = await fetched(repository);
    assert.deepEqual(readdirSync(first).sort(), ["manifest.json", "model.onnx"]);
    assert.match((await readManifest(first))!.revision!, /^"[0-9a-f]{40}"$/);
    web.files.set(path, Buffer.from("second"));
    await repository.refresh!();
    assert.equal(model(await fetched(repository, "2")), "second");
    assert.equal(model(first), "first");
    const packed = opened(t, web.url + put(tarOf([{ name: "digits/model.onnx", content: "packed" }]), "digits.tar"));
    assert.equal(model(await fetched(packed)), "packed");
  });

  it("are kept as many as can be rolled back to, and no more", async (t) => {
    const path = put("1");
    const repository = opened(t, web.url + path, { keep: 2 });
    for (const number of ["1", "2", "3", "4"]) {
      web.files.set(path, Buffer.from(`content ${number}`));
      await repository.refresh!();
      await fetched(
        repository,
        (await repository.versions("digits"))
          .map(({ version }) => version)
          .sort()
          .at(-1),
      );
    }
    assert.deepEqual((await repository.versions("digits")).map(({ version }) => version).sort(), ["3", "4"]);
  });

  it("have the digest that their address says, or are refused", async (t) => {
    const path = put("right");
    assert.equal(model(await fetched(opened(t, `${web.url}${path}#sha256:${sha256("right")}`))), "right");
    await assert.rejects(
      fetched(opened(t, `${web.url}${path}#sha256:${sha256("wrong")}`)),
      refusal({ code: "SERVING_BAD_ARTIFACT", message: "digits.onnx has another SHA-256 than the one that is wanted." }),
    );
    web.trouble = (_request, response) => {
      response.writeHead(200, {
        etag: '"1"',
        "repr-digest": `sha-256=:${Buffer.from(sha256("wrong"), "hex").toString("base64")}:`,
      });
      response.end("right");
      return true;
    };
    await assert.rejects(fetched(opened(t, web.url + path)), refusal({ code: "SERVING_BAD_ARTIFACT" }));
  });

  it("go on where the line was cut, and begin anew where a server cannot go on", async (t) => {
    const bytes = Buffer.alloc(500_000, "model");
    for (const withRanges of [true, false]) {
      const path = put(bytes);
      let cuts = 0;
      web.requests.length = 0;
      web.trouble = (request, response) => {
        if (request.method !== "GET") return false;
        if (!withRanges) delete request.headers.range;
        if (cuts++ >= 2) return false;
        const start = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
        const etag = `"${createHash("sha1").update(bytes).digest("hex")}"`;
        const rest = bytes.subarray(start);
        const range = { "content-range": `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}` };
        response.writeHead(start > 0 ? 206 : 200, { etag, "content-length": rest.byteLength, ...(start > 0 ? range : {}) });
        response.write(rest.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
        return true;
      };
      const folder = await fetched(opened(t, web.url + path));
      assert.equal(model(folder), bytes.toString());
      const ranges = web.requests.filter(({ line }) => line.startsWith("GET")).map(({ range }) => range);
      assert.equal(ranges.length, 3);
      if (withRanges) assert.deepEqual(ranges, [undefined, "bytes=100000-", "bytes=200000-"]);
    }
  });

  it("that change while they are fetched are not mixed", async (t) => {
    const path = put("x".repeat(1000));
    const repository = opened(t, web.url + path);
    const [version] = await repository.versions("digits");
    web.files.set(path, Buffer.from("y".repeat(1000)));
    await assert.rejects(
      version!.fetch!(),
      refusal({ code: "SERVING_SOURCE_FAILED", message: "digits.onnx changed while it was being fetched." }),
    );
    await repository.refresh!();
    const [next] = await repository.versions("digits");
    await next!.fetch!();
    assert.equal(model(next!.directory), "y".repeat(1000));
  });

  it("come from no other server than the list allows, wherever they are sent on to", async (t) => {
    const path = put("here");
    other.files.set("/there.onnx", Buffer.from("there"));
    const sendTo = (location: string) => {
      web.trouble = (request, response) => request.url === path && Boolean(response.writeHead(302, { location }).end());
    };
    sendTo(`${other.url}/there.onnx`);
    const refusing = opened(t, web.url + path);
    assert.deepEqual(await refusing.versions("digits"), []);
    assert.equal(refusing.problem!(), `The server sends readers on to ${other.url}, which is not allowed.`);
    assert.equal(other.requests.length, 0);
    sendTo("file:///etc/hostname");
    const elsewhere = opened(t, web.url + path);
    assert.deepEqual(await elsewhere.versions("digits"), []);
    assert.equal(elsewhere.problem!(), "The server sends readers on to an address of file:, which is not allowed.");
    sendTo(`${other.url}/there.onnx`);
    const credentials = { [web.url]: "t0p-secret" };
    const allowing = opened(t, web.url + path, { allow: [web.url, `${other.url}/there.onnx`], credentials });
    assert.equal(model(await fetched(allowing)), "there");
    assert.ok(web.requests.some(({ authorization }) => authorization === "Bearer t0p-secret"));
    assert.ok(other.requests.every(({ authorization }) => authorization === undefined));
    for (const place of [
      "file:///etc/passwd",
      "http://169.254.169.254/latest/meta-data",
      "http://user:pass@127.0.0.1/",
      "//[::1",
      path,
    ]) {
      sendTo(place);
      const repository = opened(t, web.url + path);
      assert.deepEqual(await repository.versions("digits"), [], place);
      assert.match(repository.problem!()!, /^The server sen/);
    }
  });

  it("that a server refuses, packs or makes endless are refused with a clear word", async (t) => {
    const answers = (status: number, headers: Record<string, string>, chunk?: Buffer) => {
      web.trouble = (_request, response) => {
        response.writeHead(status, headers);
        if (chunk === undefined) return Boolean(response.end());
        const timer = setInterval(() => response.write(chunk), 1);
        response.on("close", () => clearInterval(timer));
        return true;
      };
    };
    const path = put("one");
    answers(401, {});
    const refusing = opened(t, web.url + path);
    assert.deepEqual(await refusing.versions("digits"), []);
    assert.equal(refusing.problem!(), "The server answered 401.");
    answers(200, { "content-encoding": "gzip", etag: '"1"' });
    const packing = opened(t, web.url + path);
    assert.deepEqual(await packing.versions("digits"), []);
    assert.match(packing.problem!()!, /sends its content packed as "gzip"/);
    web.trouble = undefined;
    const endless = opened(t, web.url + path, { maxSize: 1_000_000 });
    const [version] = await endless.versions("digits");
    answers(200, { etag: `"${createHash("sha1").update("one").digest("hex")}"` }, Buffer.alloc(100_000));
    await assert.rejects(version!.fetch!(), refusal({ code: "SERVING_BAD_ARTIFACT", message: /is longer than the 3 bytes/ }));
  });

  it("that drip, or are shorter or longer than they say, hold nobody up", async (t) => {
    const path = put("x".repeat(5000), "digits.gguf");
    const etag = `"${createHash("sha1").update("x".repeat(5000)).digest("hex")}"`;
    const fail = async (answer: (response: ServerResponse) => void, message: RegExp, timeout = 5) => {
      web.trouble = undefined;
      const repository = opened(t, web.url + path, { timeout });
      assert.equal((await repository.versions("digits")).length, 1);
      web.trouble = (request, response) => {
        if (request.method === "GET") answer(response);
        return request.method === "GET";
      };
      await assert.rejects(fetched(repository), { name: "CortadoError", message });
    };
    const drip = (response: ServerResponse) => {
      response.writeHead(200, { etag });
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    };
    await fail(drip, /^digits\.gguf could not be fetched: nothing came any more, or next to nothing/, 0.2);
    await fail((response) => response.writeHead(200, { etag, "content-length": 100 }).end("x".repeat(100)), /broke off/);
    await fail(
      (response) => response.writeHead(200, { etag }).end("x".repeat(6000)),
      /^digits\.gguf is longer than the 5000 bytes/,
    );
    await fail(
      (response) => response.writeHead(206, { etag, "content-range": "bytes 4000-4999/5000" }).end("x".repeat(1000)),
      /another part/,
    );
    web.trouble = undefined;
    assert.deepEqual(readdirSync(await fetched(opened(t, web.url + path))).sort(), ["digits.gguf", "manifest.json"]);
  });

  it("that are not reached are the reason why a handler does not answer", async (t) => {
    const source = `${web.url}/nowhere.zip`;
    const server = new ModelServer({
      handlers: [handler({ name: "digits", source })],
      sources: { allow: [web.url], cache: temporaryFolder(t), poll: false },
    });
    t.after(() => server.close());
    await server.start();
    await assert.rejects(
      server.predict("digits", [{}]),
      refusal({
        code: "SERVING_NOT_READY",
        message: 'The model "digits" has no version that is ready: its source cannot be looked at.',
        hint: "The server's log says why. The source is looked at again by itself.",
      }),
    );
  });

  it("that are not reached are looked at again, less and less often, and found when they are back", async (t) => {
    const path = put("one");
    let down = true;
    web.trouble = (request) => down && Boolean(request.destroy());
    const warnings: string[] = [];
    const repository = opened(t, web.url + path, { poll: 0.1, warn: (message) => void warnings.push(message) });
    assert.deepEqual(await repository.versions("digits"), []);
    await new Promise((done) => setTimeout(done, 1000));
    assert.equal(warnings.length, 1);
    const asked = web.requests.filter(({ line }) => line.includes(path)).length;
    assert.ok(asked >= 2 && asked <= 6, `it was asked ${asked} times`);
    down = false;
    for (const end = Date.now() + 10_000; (await repository.versions("digits")).length === 0;) {
      assert.ok(Date.now() < end);
      await new Promise((done) => setTimeout(done, 50));
    }
    assert.equal(model(await fetched(repository)), "one");
    assert.equal(repository.problem!(), undefined);
  });
});
