import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { serveDirectory } from "cortado/serving";
import { gatherModel, identityModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { Chance, hostileNames, inside } from "./random.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "double/2", timesModel(3));
putModel(root, "text/1", identityModel("string", ["batch"]));
putModel(root, "whole/1", identityModel("int64", ["batch", 2]));
putModel(root, "scalar/1", identityModel("float", []));
putModel(root, "gather/1", gatherModel());
writeFileSync(join(putModel(root, "broken/1", timesModel(2)), "model.onnx"), "no model at all");
const tokenFile = join(temporaryFolder(), "tokens");
writeFileSync(tokenFile, "predict,manage,train the-token-of-this-test\n");
const told: string[] = [];
const log = { info: (line: string) => void told.push(line), warn: (line: string) => void told.push(line) };
const served = await serveDirectory(root, { port: 0, tokenFile, log });
after(() => served.close());

const chance = new Chance(11);
const models = ["double", "text", "whole", "scalar", "gather", "broken", "nothing"];
/** Every address of `cortado serve`, with MODEL, VERSION and ALIAS in the place of their names. */
const addresses = [
  ..."api/models api/models/MODEL api/models/MODEL/versions api/models/MODEL/versions/VERSION api/models/MODEL/predict".split(
    " ",
  ),
  ..."api/models/MODEL/versions/VERSION/predict api/models/MODEL/aliases/ALIAS/predict api/models/MODEL/aliases/ALIAS".split(" "),
  ..."api/models/MODEL/aliases/ALIAS/rollback api/models/MODEL/load api/models/MODEL/unload api/models/MODEL/train".split(" "),
  ..."api/models/MODEL/predictions/VERSION/feedback api/runs api/runs/VERSION api/runs/VERSION/cancel".split(" "),
  ..."v2 v2/health/live v2/health/ready v2/models v2/models/stats v2/models/MODEL v2/models/MODEL/ready v2/models/MODEL/config".split(
    " ",
  ),
  ..."v2/models/MODEL/infer v2/models/MODEL/versions/VERSION/infer v2/models/MODEL/stats v2/models/MODEL/generate".split(" "),
  ..."v2/models/MODEL/generate_stream v2/models/MODEL/trace/setting v2/trace/setting v2/logging v2/repository/index".split(" "),
  ..."v2/repository/models/MODEL/load v2/repository/models/MODEL/unload v2/repository/ALIAS/index v2/ALIAS/MODEL".split(" "),
  ..."v1/models v1/models/MODEL v1/models/MODEL/metadata v1/models/MODEL/versions/VERSION v1/models/MODEL:predict".split(" "),
  ..."v1/models/MODEL/versions/VERSION:predict v1/models/MODEL/labels/ALIAS:predict v1/models/MODEL/labels/ALIAS".split(" "),
  ..."v1/models/MODEL:classify v1/models/MODEL:regress ping predictions/MODEL predictions/MODEL/VERSION models".split(" "),
  ..."models/MODEL models/MODEL/VERSION models/MODEL/VERSION/set-default metrics monitoring/prometheus/metrics".split(" "),
  ..."health/live health/ready".split(" "),
];
const names = [
  ..."input inputs instances examples outputs name shape datatype data parameters binary_data_size binary_data".split(" "),
  ..."classification shared_memory_region sequence_id sequence_start priority timeout id x y b64 signature_name".split(" "),
  ..."version canary shadow percent key header tolerance config log_file log_info trace_file unload_dependents".split(" "),
  ..."__proto__ constructor prototype length toString ready model_name file:1/model.onnx".split(" "),
];
const methods = ["GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"];
const types = ["application/json", "text/plain", "application/octet-stream", "multipart/form-data; boundary=x", "x/y"];

function place(): string {
  const fill = (usual: readonly string[]) => chance.pick(chance.next() < 0.8 ? usual : hostileNames);
  const address = chance
    .pick(addresses)
    .replace("MODEL", () => fill(models))
    .replace("VERSION", () => fill(["1", "2", "3"]))
    .replace("ALIAS", () => fill(["default", "stable"]));
  if (chance.next() < 0.9) return address;
  return `${address}?url=${chance.pick(hostileNames)}&limit=${chance.pick(hostileNames)}&model_name=double&min_worker=x`;
}

async function attack(): Promise<void> {
  const [method, address] = [chance.pick(methods), place()];
  const isText = chance.next() < 0.85;
  const text = chance.next() < 0.9 ? chance.object(names) : chance.json(names, 6);
  const body = method === "GET" || method === "HEAD" ? undefined : isText ? text : chance.bytes(80);
  const headers: Record<string, string> = {
    "content-type": chance.next() < 0.8 ? "application/json" : chance.pick(types),
    ...(chance.next() < 0.9 ? { authorization: "Bearer the-token-of-this-test" } : {}),
    ...(chance.next() < 0.1 ? { "inference-header-content-length": chance.pick(["0", "5", "-1", "99999999999", "x"]) } : {}),
    ...(chance.next() < 0.05 ? { "content-encoding": chance.pick(["gzip", "deflate", "br", "x"]) } : {}),
    ...(chance.next() < 0.1 ? { accept: chance.pick(["text/event-stream", "*/*;q=x", "\u00e9"]) } : {}),
  };
  const response = await fetch(`${served.url}/${address}`, { method, headers, body: body as string | undefined });
  const answer = await response.text();
  const shown = `${response.status} for ${method} ${address} ${JSON.stringify(headers)} ${String(body)}: ${answer.slice(0, 400)}`;
  // TorchServe's own word for models that are not all ready is a 500.
  const lawful = address.startsWith("ping") ? [500] : [501, 503, 504];
  assert.ok(response.status < 500 || lawful.includes(response.status), shown);
  if (!address.includes("metrics")) assert.doesNotMatch(answer, inside, shown);
  assert.ok(!answer.includes(root), shown);
  assert.equal(response.headers.get("set-cookie"), null, shown);
}

describe("every address of cortado serve", () => {
  it("answers whatever comes without a fault, a stack or a path", async () => {
    for (let i = 0; i < 3000; i++) await attack();
  });

  it("still answers as before when all that is over", async () => {
    const headers = { "content-type": "application/json", authorization: "Bearer the-token-of-this-test" };
    const ask = (address: string, body: string) => fetch(`${served.url}/${address}`, { method: "POST", body, headers });
    await ask("api/models/double/load", "");
    const response = await ask("api/models/double/versions/1/predict", '{"input": {"x": [1, 2]}}');
    assert.deepEqual(((await response.json()) as any).output, { y: [2, 4] });
    assert.equal(({} as any).polluted, undefined);
    assert.deepEqual(Object.keys(Object.prototype), []);
  });

  it("has told its log neither tokens nor bodies", () => {
    assert.doesNotMatch(told.join("\n"), /the-token-of-this-test|etc\/passwd/);
  });
});
