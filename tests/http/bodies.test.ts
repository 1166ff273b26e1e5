import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { csrfExempt, type HttpRequest, path } from "cortado/http";
import { multipart, openSite } from "./open-site.ts";

const asJson = { accept: "application/json" };
const jsonType = { ...asJson, "content-type": "application/json" };
let kept: string | undefined;

const urls = [
  path(
    "json/",
    csrfExempt(async (request: HttpRequest) => ({ got: await request.json() })),
  ),
  path(
    "any/",
    csrfExempt(async (request: HttpRequest) => ({ got: await request.json({ anyType: true, limit: 100 }) })),
  ),
  path(
    "form/",
    csrfExempt(async (request: HttpRequest) => {
      const { data, files } = await request.form();
      const sizes = await Promise.all(
        [...files].map(async ([name, file]) => [name, file.name, file.size, (await file.bytes()).length]),
      );
      kept = [...files][0]?.[1].temporaryPath;
      return { data: [...data], files: sizes, onDisk: kept !== undefined && existsSync(kept) };
    }),
  ),
];

function openBodies(t: Parameters<typeof openSite>[0], uploads = {}) {
  return openSite(t, urls, { settings: { uploads } });
}

test("a broken JSON body is told where it breaks", async (t) => {
  const site = await openBodies(t);
  const cases: [string, string, number, number][] = [
    ["", "it is empty", 1, 1],
    ["{a:1}", 'unexpected "a"', 1, 2],
    ['{"a":}', 'unexpected "}"', 1, 6],
    ['{"a": 1,\n "b": [1,]}', 'unexpected "]"', 2, 10],
    ['{"a": tru}', 'unexpected "t"', 1, 7],
    ["[1, 2", "it ends too early", 1, 6],
    ['"abc', "it ends too early", 1, 5],
    ["[1] x", 'unexpected "x"', 1, 5],
    [`[${" 1,".repeat(50)} é]`, 'unexpected "é"', 1, 153],
  ];
  for (const [payload, problem, line, column] of cases) {
    const answer = await site.inject({ method: "POST", url: "/json/", headers: jsonType, payload });
    assert.equal(answer.statusCode, 400, payload);
    assert.deepEqual(answer.json().error, {
      code: "HTTP_BAD_JSON",
      message: `The body is not valid JSON: ${problem} at line ${line}, column ${column}.`,
    });
  }
});

test("JSON that is too deep, is not UTF-8 or holds __proto__ is refused", async (t) => {
  const site = await openBodies(t);
  const post = (payload: string | Buffer) => site.inject({ method: "POST", url: "/json/", headers: jsonType, payload });
  const refuse = async (payload: string | Buffer, problem: string) => {
    const answer = await post(payload);
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(answer.json().error, { code: "HTTP_JSON_REFUSED", message: `The JSON body is refused: ${problem}.` });
  };
  await refuse("[".repeat(100_000), "it is nested more than 100 levels deep");
  await refuse('{"a":'.repeat(101) + "1" + "}".repeat(101), "it is nested more than 100 levels deep");
  await refuse('{"__proto__": {"admin": true}}', 'the key "__proto__" is never allowed');
  await refuse('{"a": [{"\\u005f_proto__" : 1}]}', 'the key "__proto__" is never allowed');
  await refuse(Buffer.from([0x22, 0xff, 0x22]), "it is not UTF-8");
  assert.deepEqual((await post('{"a": "__proto__", "b": "\\"[[[["}')).json().got, { a: "__proto__", b: '"[[[[' });
  assert.equal((await post("[".repeat(100) + "]".repeat(100))).statusCode, 200);
});

test("a broken JSON body of megabytes is explained in linear time", async (t) => {
  const site = await openBodies(t);
  const started = performance.now();
  const answer = await site.inject({
    method: "POST",
    url: "/json/",
    headers: jsonType,
    payload: `["${" ".repeat(4_000_000)}", ${'" ",'.repeat(500_000)} ]`,
  });
  assert.match(answer.json().error.message, /unexpected "\]"/);
  assert.ok(performance.now() - started < 3000);
});

test("a body of another type than asked for gets 415", async (t) => {
  const site = await openBodies(t);
  const answer = await site.inject({
    method: "POST",
    url: "/json/",
    headers: { ...asJson, "content-type": "text/plain" },
    payload: "{}",
  });
  assert.equal(answer.statusCode, 415);
  assert.deepEqual(answer.json().error, {
    code: "HTTP_UNSUPPORTED_TYPE",
    message: 'The content type "text/plain" is not read here. It must be application/json.',
    hint: "Send the header Content-Type: application/json",
  });
  assert.equal((await site.inject({ method: "POST", url: "/form/", headers: jsonType, payload: "{}" })).statusCode, 415);
  assert.equal(
    (await site.inject({ method: "POST", url: "/any/", headers: { "content-type": "text/plain" }, payload: "{}" })).statusCode,
    200,
  );
  const own = { "content-type": "application/vnd.cafe+json; charset=utf-8" };
  assert.equal((await site.inject({ method: "POST", url: "/json/", headers: own, payload: "{}" })).statusCode, 200);
});

test("a body beyond the limit gets 413, whether its size is announced or not", async (t) => {
  const site = await openBodies(t, { maxBody: 1000 });
  const answer = await site.inject({ method: "POST", url: "/json/", headers: jsonType, payload: `"${"x".repeat(1000)}"` });
  assert.equal(answer.statusCode, 413);
  assert.deepEqual(answer.json().error, {
    code: "HTTP_BODY_TOO_LARGE",
    message: "The body is larger than 1000 bytes.",
    hint: "Send less: the limit is the address's own, or else the project's setting `uploads.maxBody`.",
  });
  const address = (await site.listen({ port: 0, host: "127.0.0.1" })).replace("127.0.0.1", "localhost");
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(600));
      controller.enqueue(new Uint8Array(600));
      controller.close();
    },
  });
  const chunked = await fetch(`${address}/json/`, { method: "POST", headers: jsonType, body, duplex: "half" } as RequestInit);
  assert.equal(chunked.status, 413);
});

test("a client that goes away in the middle of its body harms nobody", async (t) => {
  const site = await openBodies(t);
  const address = new URL(await site.listen({ port: 0, host: "127.0.0.1" }));
  const socket = connect(Number(address.port), "127.0.0.1");
  socket.write("POST /json/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
  await sleep(50);
  socket.destroy();
  await sleep(50);
  assert.equal((await site.inject({ method: "POST", url: "/json/", headers: jsonType, payload: "1" })).statusCode, 200);
});

test("an urlencoded form keeps several values of a name, __proto__ included", async (t) => {
  const site = await openBodies(t);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await site.inject({ method: "POST", url: "/form/", headers, payload: "a=1&b=%C3%A9+x&a=2&__proto__=y" });
  assert.deepEqual(answer.json().data, [["a", "1"], ["a", "2"], ["b", "é x"], ["__proto__", "y"]]); // prettier-ignore
});

test("small files stay in memory, larger ones lie in a temporary file until the answer is out", async (t) => {
  const site = await openBodies(t, { memoryThreshold: 10_000 });
  const small = await site.inject({
    method: "POST",
    url: "/form/",
    ...multipart({ note: "hi", photo: { name: "../../etc/passwd", content: "abc" } }),
  });
  assert.deepEqual(small.json(), { data: [["note", "hi"]], files: [["photo", "passwd", 3, 3]], onDisk: false });
  const content = Buffer.alloc(300_000, 7);
  const large = await site.inject({
    method: "POST",
    url: "/form/",
    ...multipart({ photo: { name: "C:\\x\\a.png", content }, after: "x" }),
  });
  assert.deepEqual(large.json(), { data: [["after", "x"]], files: [["photo", "a.png", 300_000, 300_000]], onDisk: true });
  await sleep(50);
  assert.equal(existsSync(kept!), false);
});

test("a file field that was left empty is no file", async (t) => {
  const site = await openBodies(t);
  const answer = await site.inject({ method: "POST", url: "/form/", ...multipart({ photo: { name: "", content: "" } }) });
  assert.deepEqual(answer.json().files, []);
});

test("a form beyond its limits gets 413, a broken one 400", async (t) => {
  const site = await openBodies(t, { maxFields: 2, maxFieldSize: 10, maxFiles: 1, maxFileSize: 1000, memoryThreshold: 100 });
  const post = async (body: object) => {
    const answer = await site.inject({
      method: "POST",
      url: "/form/",
      ...body,
      headers: { ...asJson, ...(body as { headers: object }).headers },
    });
    return [answer.statusCode, answer.json().error.message];
  };
  const urlencoded = { "content-type": "application/x-www-form-urlencoded" };
  assert.deepEqual(await post({ headers: urlencoded, payload: "a=1&b=2&c=3" }), [413, "The form has too many fields (limit 2)."]);
  assert.deepEqual(await post(multipart({ a: "1", b: "2", c: "3" })), [413, "The form has too many fields (limit 2)."]);
  assert.deepEqual(await post(multipart({ a: "x".repeat(11) })), [413, 'The form has a field "a" that is too large (limit 10).']);
  const tooMany = await site.inject({
    method: "POST",
    url: "/form/",
    headers: { ...asJson, ...urlencoded },
    payload: "a=1&b=2&c=3",
  });
  assert.equal(tooMany.json().error.code, "HTTP_FORM_TOO_LARGE");
  assert.equal(tooMany.json().error.hint, "Send less, or raise the limit in the project's setting `uploads`.");
  const file = { name: "a", content: "x" };
  assert.deepEqual(await post(multipart({ a: file, b: file })), [413, "The form has too many files (limit 1)."]);
  const big = { name: "a", content: "x".repeat(1001) };
  assert.deepEqual(await post(multipart({ a: big })), [413, "The form has a file that is too large (limit 1000)."]);
  const broken = await post({
    headers: { "content-type": "multipart/form-data; boundary=x" },
    payload: "--x\r\ncontent-disposition: form-da",
  });
  assert.equal(broken[0], 400);
  assert.match(broken[1], /^The form cannot be read: /);
  assert.deepEqual(await post(multipart({ __proto__x: "1", ["__proto__"]: "1" })), [
    400,
    "The form cannot be read: a field has a name that is never allowed.",
  ]);
});

test("a body that was read as a stream cannot be read again", async (t) => {
  const twice = path(
    "twice/",
    csrfExempt(async (request: HttpRequest) => {
      for await (const _chunk of request.stream);
      return request.body();
    }),
  );
  const site = await openSite(t, [twice], { settings: { debug: true } });
  const answer = await site.inject({ method: "POST", url: "/twice/", headers: asJson, payload: "x" });
  assert.deepEqual(answer.json().error, {
    code: "HTTP_BODY_CONSUMED",
    message: "The body was already read as a stream.",
    hint: "Read it once: form(), json(), body() or stream.",
  });
});

test("a view that waits for a body learns that its client went away", async (t) => {
  const failed = Promise.withResolvers<Error>();
  const view = csrfExempt((request: HttpRequest) => request.body().catch((error) => (failed.resolve(error), "late")));
  const site = await openSite(t, [path("wait/", view)]);
  const port = Number(new URL(await site.listen({ port: 0, host: "127.0.0.1" })).port);
  const socket = connect(port, "127.0.0.1");
  socket.write("POST /wait/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
  await sleep(50);
  socket.destroy();
  const { code, message } = (await failed.promise) as Error & { code: string };
  assert.deepEqual([code, message], ["HTTP_BODY_ABORTED", "The client went away before the body was complete."]);
});

test("a multipart form that breaks off, or has no boundary, is refused as unreadable", async (t) => {
  const site = await openSite(t, [
    path(
      "form/",
      csrfExempt(async (request: HttpRequest) => (await request.form()).data.get("a")),
    ),
  ]);
  const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';
  for (const [type, payload] of [
    ["multipart/form-data; boundary=x", part],
    ["multipart/form-data; boundary=x", "--x\r\nnonsense"],
    ["multipart/form-data", `${part}--x--\r\n`],
  ] as const) {
    const headers = { "content-type": type, accept: "application/json" };
    const answer = await site.inject({ method: "POST", url: "/form/", headers, payload });
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.json().error.code, "HTTP_BAD_FORM");
    assert.match(answer.json().error.message, /^The form cannot be read: .+\.$/);
  }
});

test("a body in another charset than UTF-8, or a packed one, is refused by name", async (t) => {
  const site = await openBodies(t);
  const send = (url: string, headers: object) =>
    site.inject({ method: "POST", url, headers: { ...asJson, ...headers }, payload: "[1]" });
  for (const charset of ["utf-8", '"UTF8"', "us-ascii"]) {
    const { statusCode } = await send("/json/", { "content-type": `application/json; charset=${charset}` });
    assert.equal(statusCode, 200);
  }
  for (const url of ["/json/", "/any/"]) {
    const other = await send(url, { "content-type": "application/json; charset=utf-16" });
    assert.equal(other.statusCode, 415);
    assert.match(other.body, /charset=utf-16\\" is not read here\. It must be application\/json in UTF-8\./);
  }
  for (const [url, type] of [
    ["/json/", "application/json"],
    ["/form/", "application/x-www-form-urlencoded"],
  ] as const) {
    const packed = await send(url, { "content-type": type, "content-encoding": "gzip" });
    assert.equal(packed.statusCode, 415);
    assert.match(packed.body, /Content-Encoding is .*gzip.*, and a body is read here only as it is/);
  }
});
