import { join } from "node:path";
import { serverSubject } from "../http/server-subject.ts";
import { nodeServer } from "../http/started-server.ts";
import type { Case } from "../measure.ts";
import { predictBody } from "./models.ts";

const file = join(import.meta.dirname, "small-servers.ts");
const small = ["cortado", "cortado, with code", "cortado, identity handler", "fastify + onnxruntime-node"];

/** What serving costs above the same route, body, schema and answer without a model. */
export const overHttp: readonly Case[] = [
  {
    name: "http-small",
    unit: "requests/s",
    measures: "32 clients",
    bar: 0.9,
    reference: "cortado, identity handler",
    subjects: small.map((name) =>
      serverSubject(name, {
        start: nodeServer(file, name),
        measure: "rate",
        path: "/api/models/digits/predict",
        method: "POST",
        body: predictBody,
        headers: { "content-type": "application/json" },
        expect: '"scores":',
      }),
    ),
  },
];
