import { join } from "node:path";
import { type ServerOptions, serverSubject, startSubject } from "../http/server-subject.ts";
import { nodeServer } from "../http/started-server.ts";
import type { Case, Subject } from "../measure.ts";
import { image, predictBody } from "./models.ts";
import { type PythonServerName, pythonServers, startPythonServer } from "./python-servers.ts";

type Question = Pick<ServerOptions, "path" | "body" | "expect">;

const bare = { body: JSON.stringify({ pixels: image }), expect: '"digit":' };
const tensors: Question = {
  path: "/v2/models/digits/infer",
  body: JSON.stringify({ inputs: [{ name: "image", shape: [1, 784], datatype: "FP32", data: image }] }),
  expect: '"scores"',
};

/** What each server is asked, in its own words: the same image, the same model. */
const questions: Record<PythonServerName, Question> = {
  mlserver: tensors,
  "triton (pytriton)": tensors,
  litserve: { ...bare, path: "/predict" },
  "litserve, batches of 32": { ...bare, path: "/predict" },
  bentoml: { ...bare, path: "/predict" },
  torchserve: { ...bare, path: "/predictions/digits", expect: '"digit"' },
};

const headers = { "content-type": "application/json" };

interface How extends Pick<ServerOptions, "measure" | "clients"> {
  /** Cortado as it is installed, and not from its source. */
  built?: boolean;
}

function subjects({ built, ...how }: How, subject: (name: string, options: ServerOptions) => Subject = serverSubject): Subject[] {
  const file = join(import.meta.dirname, "small-servers.ts");
  const cortado = nodeServer(file, "cortado", { built });
  const served = nodeServer(file, "cortado serve", { built });
  const asked = { ...how, headers, method: "POST" };
  return [
    subject("cortado", {
      ...asked,
      start: cortado,
      path: "/api/models/digits/predict",
      body: predictBody,
      expect: '"scores":',
    }),
    subject("cortado serve, /v2", { ...asked, ...tensors, start: served }),
    ...(Object.keys(pythonServers) as PythonServerName[]).map((name) =>
      subject(name, { ...asked, ...questions[name], start: startPythonServer(name) }),
    ),
  ];
}

const reference = Object.keys(pythonServers);

/** The model servers of Python beside Cortado, by the same clients: the perceptron over HTTP with JSON. */
export const sideBySide: readonly Case[] = [
  {
    name: "side-by-side",
    unit: "requests/s",
    measures: "32 clients",
    bar: 1,
    reference,
    subjects: subjects({ measure: "rate" }),
  },
  {
    name: "side-by-side-p99",
    unit: "ms",
    measures: "the 99th percentile of 32 clients",
    bar: 1,
    reference,
    subjects: subjects({ measure: "p99" }),
  },
  {
    name: "side-by-side-one",
    unit: "ms",
    measures: "the median of 1 client",
    bar: 1,
    reference,
    subjects: subjects({ measure: "median", clients: 1 }),
  },
  {
    name: "side-by-side-memory",
    unit: "MB",
    measures: "all processes, after 32 clients",
    windows: 2,
    bar: 1,
    reference,
    subjects: subjects({ measure: "memory", built: true }),
  },
  {
    name: "side-by-side-start",
    unit: "ms",
    measures: "from the start to the first answer",
    windows: 2,
    bar: 1,
    reference,
    subjects: subjects({ measure: "median", clients: 1, built: true }, startSubject),
  },
];
