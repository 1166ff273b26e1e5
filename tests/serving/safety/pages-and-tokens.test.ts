import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { serveDirectory } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
const tokenFile = join(temporaryFolder(), "tokens");
writeFileSync(tokenFile, "predict predict-0123456789\nmanage manage-0123456789\ntrain train-0123456789\n");
const log = { info() {}, warn() {} };
const onLoopback = await serveDirectory(root, { port: 0, log });
const guarded = await serveDirectory(root, { host: "0.0.0.0", port: 0, tokenFile, log });
const opened = await serveDirectory(root, { port: 0, open: true, log });
after(() => Promise.all([onLoopback.close(), guarded.close(), opened.close()]));
const guardedUrl = guarded.url.replace("0.0.0.0", "127.0.0.1");

/** Sends exactly these bytes, and gives the whole answer. */
async function raw(bytes: string, url = onLoopback.url): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on("error", () => {});
  // Not ended: who ends its side is taken for one that left.
  socket.write(bytes, "latin1");
  let answer = "";
  try {
    for await (const chunk of socket) answer += chunk;
  } catch {
    // A connection that stays open was closed here, when it had said nothing for a while.
  }
  return answer;
}

const body = '{"input": {"x": [1, 2]}}';
const address = "/api/models/double/predict";
const predict = (headers: string, path = address) =>
  raw(
    `POST ${path} HTTP/1.1\r\n${headers}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );

describe("pages that a browser of this machine shows", () => {
  it("reach nothing by a name of their own: only this machine's names are answered for", async () => {
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::1]evil", "2130706433", ""])
      assert.match(await predict(`Host: ${host}`), /^HTTP\/1\.1 400 /, host);
    for (const host of ["localhost:8080", "127.0.0.1", "[::1]:80"])
      assert.match(await predict(`Host: ${host}`), /^HTTP\/1\.1 200 /, host);
  });

  it("of other sites need a token on every protocol, and pages of this machine do not", async () => {
    for (const origin of [
      "https://evil.example",
      "http://localhost.evil.example",
      "http://127.0.0.1.evil.example",
      "null",
      "x",
      "",
    ]) {
      assert.match(await predict(`Host: localhost\r\nOrigin: ${origin}`), /^HTTP\/1\.1 403 /, origin);
      for (const path of ["/v2/models/double/infer", "/v1/models/double:predict", "/predictions/double"])
        assert.match(await predict(`Host: localhost\r\nOrigin: ${origin}`, path), /^HTTP\/1\.1 403 /, `${path} ${origin}`);
    }
    for (const origin of ["http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:1", "https://app.localhost"])
      assert.match(await predict(`Host: localhost\r\nOrigin: ${origin}`), /^HTTP\/1\.1 200 /, origin);
    assert.match(await predict("Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors"), /^HTTP\/1\.1 403 /);
    assert.match(await predict("Host: localhost\r\nSec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate"), /^HTTP\/1\.1 200 /);
  });

  it("are let in where the operator opened the server to all", async () => {
    const headers = { origin: "https://shop.example", "content-type": "application/json" };
    assert.equal((await fetch(opened.url + address, { method: "POST", headers, body })).status, 200);
  });

  it("are told by no answer that they may read it, and no answer is read as another type", async () => {
    for (const path of [
      "/api/models",
      "/v2",
      "/v2/nothing",
      "/v1/models/x",
      "/ping",
      "/metrics",
      "/health/live",
      "/api/models/%3Cscript%3E",
    ]) {
      const { headers } = await fetch(onLoopback.url + path, { headers: { origin: "http://localhost:1" } });
      assert.equal(headers.get("access-control-allow-origin"), null, path);
      assert.equal(headers.get("access-control-allow-credentials"), null, path);
      assert.equal(headers.get("x-content-type-options"), "nosniff", path);
      assert.doesNotMatch(headers.get("content-type") ?? "", /html/, path);
    }
    const asked = await fetch(onLoopback.url + address, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "DELETE" },
    });
    assert.equal(asked.headers.get("access-control-allow-origin"), null);
  });
});

describe("requests that two servers would read differently", () => {
  const smuggled = "GET /api/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (const [name, headers] of Object.entries({
    "length and chunks": "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "two lengths": "Content-Length: 5\r\nContent-Length: 6",
    "a length with a sign": "Content-Length: +5",
    "a hidden encoding": "Transfer-Encoding: xchunked",
    "a space before the colon": "Content-Length : 5",
    "a line that is folded": "X-A: 1\r\n b\r\nTransfer-Encoding : chunked",
  }))
    it(`are refused: ${name}`, async () => {
      const answer = await raw(`POST ${address} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n0\r\n\r\n${smuggled}`);
      assert.match(answer, /^HTTP\/1\.1 (?:400|411|501) |^$/);
      assert.doesNotMatch(answer, /HTTP\/1\.1 200/);
    });

  it("are refused: addresses that climb, are whole or hold what no address holds", async () => {
    for (const target of [
      "/../../etc/passwd",
      "/static/../../etc/passwd",
      "/static/%2e%2e/%2e%2e/etc/passwd",
      "/static/..%5c..%5cx",
      "/v2/%00",
      "*",
    ]) {
      const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 (?:400|404|401) /, target);
      assert.doesNotMatch(answer, /root:/);
    }
  });
});

describe("tokens", () => {
  const changing: [method: string, path: string][] = [
    ["PUT", "/api/models/double/aliases/stable"],
    ["DELETE", "/api/models/double/aliases/stable"],
    ["POST", "/api/models/double/aliases/default/rollback"],
    ["POST", "/api/models/double/load"],
    ["POST", "/api/models/double/unload"],
    ["POST", "/api/models/double/versions"],
    ["DELETE", "/api/models/double/versions/1"],
    ["POST", "/v2/repository/models/double/load"],
    ["POST", "/v2/repository/models/double/unload"],
    ["POST", "/v2/logging"],
    ["POST", "/v2/trace/setting"],
    ["POST", "/models?url=double"],
    ["PUT", "/models/double?min_worker=1"],
    ["PUT", "/models/double/1/set-default"],
    ["DELETE", "/models/double"],
  ];
  const training: typeof changing = [
    ["POST", "/api/models/double/train"],
    ["GET", "/api/runs"],
    ["POST", "/api/runs/1/cancel"],
  ];
  const predicting: typeof changing = [
    ["GET", "/api/models"],
    ["POST", address],
    ["POST", "/v2/models/double/infer"],
    ["POST", "/v2/models/double/generate"],
    ["POST", "/v1/models/double:predict"],
    ["POST", "/predictions/double"],
    ["GET", "/metrics"],
    ["GET", "/v2/models/stats"],
    ["GET", "/v2/models/double/config"],
    ["GET", "/models/double"],
    ["GET", "/v1/models/double"],
  ];
  const ask = async ([method, path]: [string, string], token?: string, url = guardedUrl) => {
    const headers = token === undefined ? {} : { authorization: token.includes(" ") ? token : `Bearer ${token}` };
    return (await fetch(url + path, { method, headers })).status;
  };

  it("are needed for everything but health, and for what changes anything on loopback too", async () => {
    for (const each of [...changing, ...training]) {
      assert.equal(await ask(each), 401, each.join(" "));
      assert.equal(await ask(each, undefined, onLoopback.url), 401, each.join(" "));
      assert.equal(await ask(each, undefined, opened.url), 401, each.join(" "));
    }
    for (const each of predicting)
      if (!/GET,\/(?:api|v2)\/models(?:\/stats)?$/.test(each.join())) assert.equal(await ask(each), 401, each.join(" "));
    for (const path of ["/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready", "/ping", "/v2"])
      assert.equal(await ask(["GET", path]), 200, path);
  });

  it("may do what their scopes say, and nothing else", async () => {
    const may = async (list: typeof changing, scope: string) => {
      for (const each of list) {
        for (const other of ["predict", "manage", "train"].filter((name) => name !== scope)) {
          const status = await ask(each, `${other}-0123456789`);
          if (!/GET,\/(?:api|v2)\/models(?:\/stats)?$/.test(each.join()))
            assert.equal(status, 403, `${other}: ${each.join(" ")}`);
        }
      }
    };
    await may(changing, "manage");
    await may(training, "train");
    await may(predicting, "predict");
  });

  it("that are none are refused, however near they are", async () => {
    for (const token of [
      "predict-012345678",
      "predict-01234567890",
      "PREDICT-0123456789",
      "x",
      "Basic cHJlZGljdA==",
      "Bearer",
      "Bearer ,",
      "Bearer predict-0123456789 x",
    ])
      assert.equal(await ask(["POST", address], token), 401, token);
  });

  it("hide the names of models from who has none", async () => {
    for (const path of [
      "/api/models/doubel/predict",
      "/v2/models/doubel/infer",
      "/v1/models/doubel:predict",
      "/predictions/doubel",
    ]) {
      const answer = await fetch(guardedUrl + path, {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
      });
      assert.ok([401, 404].includes(answer.status), path);
      assert.doesNotMatch(await answer.text(), /"double|double"|double\b/, path);
    }
    const answer = await fetch(`${guardedUrl}/api/models/doubel/predict`, {
      method: "POST",
      headers: { authorization: "Bearer predict-0123456789" },
    });
    assert.match(await answer.text(), /There are: double\..*Did you mean/);
  });
});
