import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import { csrfExempt, type HttpRequest, path, UploadedFile, type UploadProgress, type UploadSettings } from "cortado/http";
import { MemoryStorage } from "cortado/storage";
import { multipart, openSite } from "./open-site.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const names = csrfExempt(async (request: HttpRequest) => {
  const { data, files } = await request.form();
  return { data: [...data], files: [...files].map(([field, file]) => [field, file.name, file.size, file.contentType]) };
});
const read = csrfExempt(async (request: HttpRequest) => (await request.form()).files.get("photo")!.text());
const urls = [path("names/", names), path("read/", read)];

function open(t: TestContext, uploads: UploadSettings = {}) {
  return openSite(t, urls, { settings: { uploads } });
}

const post = (url: string, form: ReturnType<typeof multipart>, headers = {}) =>
  ({ method: "POST", url, payload: form.payload, headers: { accept: "application/json", ...form.headers, ...headers } }) as const;

test("files of a form are limited together, and so are its fields", async (t) => {
  const site = await open(t, {
    maxTotalSize: 250_000,
    maxBody: 2000,
    memoryThreshold: 1000,
    temporaryFolder: temporaryFolder(t),
  });
  const file = { name: "a.bin", content: Buffer.alloc(100_000) };
  assert.equal((await site.inject(post("/names/", multipart({ a: file, b: file })))).statusCode, 200);
  const large = await site.inject(post("/names/", multipart({ a: file, b: file, c: file, d: file })));
  assert.equal(large.statusCode, 413);
  assert.equal(large.json().error.message, "The form has files that are too large together (limit 250000).");
  const fields = await site.inject(post("/names/", multipart({ a: "x".repeat(900), b: "x".repeat(900), c: "x".repeat(900) })));
  assert.equal(fields.statusCode, 413);
  assert.equal(fields.json().error.message, "The form has fields that are too large together (limit 2000).");
});

test("the scan sees each file whole before the view, and what it refuses cannot be read", async (t) => {
  const seen: string[] = [];
  const site = await open(t, {
    memoryThreshold: 10,
    temporaryFolder: temporaryFolder(t),
    scan: async (file, { field, request }) => {
      const text = await file.text();
      seen.push(`${request.path} ${field} ${file.name} ${text.length} ${file.temporaryPath === undefined ? "memory" : "disk"}`);
      return text.includes("EICAR") ? "It holds a virus." : undefined;
    },
  });
  assert.equal((await site.inject(post("/read/", multipart({ photo: { name: "a.png", content: "clean" } })))).body, "clean");
  const answer = await site.inject(
    post("/read/", multipart({ photo: { name: "b.png", content: "a long text with EICAR in it" } })),
  );
  assert.equal(answer.statusCode, 422);
  assert.deepEqual(answer.json().error, {
    code: "HTTP_UPLOAD_REFUSED",
    message: 'The file "b.png" was refused: It holds a virus.',
    hint: "Send another file.",
  });
  assert.deepEqual(seen, ["/read/ photo a.png 5 memory", "/read/ photo b.png 28 disk"]);
  const failing = await open(t, { scan: () => Promise.reject(new Error("the scanner is away")) });
  assert.equal((await failing.inject(post("/names/", multipart({ photo: { name: "a", content: "x" } })))).statusCode, 500);
});

test("a refused file keeps its name and size, and every way to its content is closed", async () => {
  const refused = new UploadedFile({ name: "a", contentType: "text/plain", size: 3, content: Buffer.from("abc") }).refused("No.");
  assert.deepEqual([refused.name, refused.size, refused.refusal], ["a", 3, "No."]);
  assert.throws(() => refused.stream(), { status: 422 });
  for (const way of ["bytes", "text"] as const) await assert.rejects(refused[way](), { status: 422 });
  await assert.rejects(refused.beginning(2), { status: 422 });
});

test("a handler of one's own takes files as they arrive, and progress is told", async (t) => {
  const told: UploadProgress[] = [];
  const site = await open(t, {
    memoryThreshold: 1000,
    progress: (progress) => void told.push(progress),
    receive: async ({ name, contentType, stream }) => {
      if (name.endsWith(".skip")) return undefined;
      let size = 0;
      for await (const chunk of stream) size += (chunk as Buffer).length;
      return new UploadedFile({ name: name.toUpperCase(), contentType, size, content: Buffer.alloc(0) });
    },
  });
  const content = Buffer.alloc(200_000);
  const form = multipart({ a: { name: "own.bin", content }, b: { name: "usual.skip", content: "abc" } });
  const answer = await site.inject(post("/names/", form, { "content-length": String(form.payload.length) }));
  const type = "application/octet-stream";
  assert.deepEqual(answer.json().files, [["a", "OWN.BIN", 200_000, type], ["b", "usual.skip", 3, type]]); // prettier-ignore
  const last = told.findLast(({ field }) => field === "a")!;
  assert.deepEqual(last, { field: "a", name: "own.bin", received: 200_000, total: form.payload.length });
});

test("files go straight into a storage, and are read from there", async (t) => {
  const kept = new MemoryStorage();
  const site = await open(t, {
    receive: async ({ name, contentType, stream }) => {
      const own = await kept.save(`incoming/${name}`, stream);
      return new UploadedFile({ name, contentType, size: await kept.size(own), content: { open: () => kept.open(own) } });
    },
    scan: async (file) => ((await file.beginning(2)).toString() === "MZ" ? "A program." : undefined),
  });
  const send = (content: string) => site.inject(post("/read/", multipart({ photo: { name: "a.bin", content } })));
  assert.equal((await send("the whole content")).body, "the whole content");
  assert.equal((await send("MZ…")).statusCode, 422);
  assert.equal((await kept.listdir("incoming")).files.length, 2);
});

test("an upload that is broken off leaves nothing behind, and one that is refused neither", async (t) => {
  const folder = temporaryFolder(t);
  const site = await open(t, { memoryThreshold: 1000, maxFileSize: 100_000, temporaryFolder: folder });
  const address = new URL(await site.listen({ port: 0, host: "127.0.0.1" }));
  for (const wait of [0, 20, 40]) {
    const socket = connect(Number(address.port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(
      "POST /names/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 90000\r\n\r\n" +
        `--x\r\nContent-Disposition: form-data; name="a"; filename="a.bin"\r\n\r\n${"y".repeat(50_000)}`,
    );
    await sleep(wait);
    socket.destroy();
  }
  const big = await site.inject(post("/names/", multipart({ a: { name: "a", content: Buffer.alloc(100_001) } })));
  assert.equal(big.statusCode, 413);
  for (let i = 0; i < 50 && readdirSync(folder).length > 0; i++) await sleep(20);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal((await site.inject(post("/names/", multipart({ a: "1" })))).statusCode, 200);
});

/** A program that uploads a file of `size` to a server of its own, does `inView` there, and writes the answer. */
function uploadingProgram(temporaryFolder: string, size: number, inView = ""): string {
  return `
    import { csrfExempt, createServer, path } from "cortado/http";
    const view = csrfExempt(async (request) => { await request.form(); ${inView}; return "kept"; });
    const settings = { apps: [], secretKey: "x".repeat(40), debug: false, mode: "test", root: ".", allowedHosts: ["localhost"],
      urls: [path("", view)], uploads: ${JSON.stringify({ temporaryFolder })} };
    const server = await createServer({ services: { settings } });
    const head = '--x\\r\\nContent-Disposition: form-data; name="a"; filename="a"\\r\\n\\r\\n';
    const headers = { accept: "application/json", "content-type": "multipart/form-data; boundary=x" };
    const payload = Buffer.concat([Buffer.from(head), Buffer.alloc(${size}), Buffer.from("\\r\\n--x--\\r\\n")]);
    const answer = await server.inject({ method: "POST", url: "/", headers, payload });
    console.log(answer.statusCode === 200 ? answer.body : JSON.stringify([answer.statusCode, answer.json().error]));
    await server.close();`;
}

test("what a killed process had of an upload goes with the first large upload after it, and nobody else's goes", async (t) => {
  const temporary = temporaryFolder(t);
  const elsewhere = (inView = "") => {
    const program = uploadingProgram(temporary, 3_000_000, inView);
    const run = ["--conditions=cortado-source", "--input-type=module", "-e", program];
    return spawnSync(process.execPath, run, { encoding: "utf8" });
  };
  assert.equal(elsewhere('process.kill(process.pid, "SIGKILL")').signal, "SIGKILL");
  const [orphan] = readdirSync(temporary);
  assert.match(orphan!, /^cortado-upload-/);
  const seen: string[][] = [];
  const view = csrfExempt(async (request: HttpRequest) => {
    await request.form();
    seen.push(readdirSync(temporary));
    assert.equal(elsewhere().stdout, "kept\n");
    seen.push(readdirSync(temporary));
    return "kept";
  });
  const uploads = { memoryThreshold: 1000, temporaryFolder: temporary };
  const site = await openSite(t, [path("own/", view)], { settings: { uploads } });
  assert.equal((await site.inject(post("/own/", multipart({ a: { name: "a", content: Buffer.alloc(5000) } })))).body, "kept");
  assert.equal(seen[0]!.length, 1);
  assert.notEqual(seen[0]![0], orphan);
  assert.deepEqual(seen[1], seen[0]);
  for (let i = 0; i < 50 && readdirSync(temporary).length > 0; i++) await sleep(20);
  assert.deepEqual(readdirSync(temporary), []);
});

test("a disk without room for an upload is said, and keeps nothing of it", (t) => {
  const folder = temporaryFolder(t);
  const program = uploadingProgram(folder, 3_000_000);
  // A process that may write 8 KB meets the end of its disk early.
  const node = `ulimit -f 8 && exec "$0" --conditions=cortado-source --input-type=module -e "$1"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", node, process.execPath, program], { encoding: "utf8" });
  assert.deepEqual(
    JSON.parse(stdout || "null"),
    [
      507,
      {
        code: "HTTP_NO_ROOM_FOR_UPLOAD",
        message: "There is no room for what was uploaded.",
        hint: "Free some space in the folder of temporary files, or name another in the setting `uploads.temporaryFolder`.",
      },
    ],
    stderr,
  );
  assert.deepEqual(readdirSync(folder), []);
});

test("names of files are without folders, control characters and turned letters, and come in every script", async (t) => {
  const site = await open(t);
  const given: [string, string][] = [
    ["한글 커피.png", "한글 커피.png"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ada\\a.png", "a.png"],
    ["a\tb.png", "ab.png"],
    ["evil\u202egnp.exe", "evilgnp.exe"],
    [`${"x".repeat(400)}.png`, `${"x".repeat(251)}.png`],
  ];
  for (const [name, kept] of given) {
    const answer = await site.inject(post("/names/", multipart({ photo: { name, content: "x" } })));
    assert.equal(answer.json().files[0][1], kept);
  }
});

test("a field that is JSON comes as it was sent", async (t) => {
  const site = await open(t);
  const payload =
    '--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: application/json\r\n\r\n{"b":[1,2]}\r\n--x--\r\n';
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const answer = await site.inject({ method: "POST", url: "/names/", headers, payload });
  assert.deepEqual(answer.json().data, [["a", '{"b":[1,2]}']]);
});

test("a form of many parts is read, and one of too many or with a long name is refused", async (t) => {
  const site = await open(t);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field${i}`, String(i)]));
  assert.equal((await site.inject(post("/names/", multipart(many)))).json().data.length, 1000);
  assert.equal((await site.inject(post("/names/", multipart({ ...many, one: "more" })))).statusCode, 413);
  const long = await site.inject(post("/names/", multipart({ ["n".repeat(500)]: "1" })));
  assert.equal(long.statusCode, 400);
  assert.match(long.json().error.message, /a field's name has more than 199 bytes/);
});

test("no malformed form is an error of the server", async (t) => {
  const folder = temporaryFolder(t);
  const site = await open(t, { memoryThreshold: 20, maxFileSize: 500, temporaryFolder: folder });
  const file = { name: "a.bin", content: "0123456789".repeat(5) };
  const { payload, headers } = multipart({ a: "one", photo: file, b: "two", other: file });
  // The same sequence in every run.
  let seed = 42;
  const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  for (let i = 0; i < 150; i++) {
    const bytes = [...payload];
    for (let change = 0; change <= random(4); change++) {
      const [at, length] = [random(bytes.length), random(30)];
      const kind = random(4);
      if (kind === 0) bytes.splice(at, length);
      else if (kind === 1) bytes.splice(at, 0, ...bytes.slice(at, at + length));
      else if (kind === 2) bytes[at] = random(256);
      else bytes.length = at + 1;
    }
    const answer = await site.inject({ method: "POST", url: "/names/", headers, payload: Buffer.from(bytes) });
    assert.ok(
      answer.statusCode < 500,
      `${answer.statusCode} for ${JSON.stringify(Buffer.from(bytes).toString("latin1"))}: ${answer.body.slice(0, 300)}`,
    );
  }
  const types = [
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="',
    "multipart/form-data; boundary=é",
    `multipart/form-data; boundary=${"x".repeat(300)}`,
    "multipart/form-data;;;=;",
    "multipart/form-data; boundary=\\0",
  ];
  for (const type of types) {
    const answer = await site.inject({ method: "POST", url: "/names/", headers: { "content-type": type }, payload });
    assert.ok(answer.statusCode < 500, `${type}: ${answer.statusCode}`);
  }
  for (let i = 0; i < 50 && readdirSync(folder).length > 0; i++) await sleep(20);
  assert.deepEqual(readdirSync(folder), []);
});
