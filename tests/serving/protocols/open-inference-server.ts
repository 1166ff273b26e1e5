import { createServer, Resolver } from "cortado/http";
import { type Handler, ModelServer, protocolUrls } from "cortado/serving";
import { identityModel, putModel, temporaryFolder, zipMapModel } from "../models.ts";
import { simple, simpleIdentity, simpleSequence, simpleString } from "./triton-models.ts";

/** A running server of `/v2`, and what it takes to ask it. */
export interface V2Server {
  url: string;
  models: ModelServer;
  close(): Promise<void>;
}

/** Who may do everything. */
const everyone = { authorize() {} };

/** Serves a folder and handlers on `/v2`, as a project would, to everyone. */
export async function startV2(root: string, handlers: readonly Handler[] = [], serving: object = {}): Promise<V2Server> {
  const models = new ModelServer({ directories: [root], handlers, root, log: { info() {}, warn() {} } });
  const settings = { apps: [], secretKey: "k", debug: false, mode: "test", root, allowedHosts: ["127.0.0.1"], serving } as any;
  const resolver = new Resolver(protocolUrls(["open-inference"], { authorizer: everyone }));
  const server = await createServer({ services: { settings, models }, resolver });
  await models.start();
  await models.settled();
  await server.listen({ port: 0, host: "127.0.0.1" });
  const close = async () => {
    await server.close();
    await models.close();
  };
  return { url: `http://127.0.0.1:${(server.server.address() as { port: number }).port}`, models, close };
}

/** A folder with the models of Triton's examples, and one that gives back what it gets for every datatype. */
export function exampleModels(): string {
  const root = temporaryFolder();
  putModel(root, "simple/1", simple());
  putModel(root, "simple_string/1", simpleString());
  putModel(root, "simple_identity/1", simpleIdentity());
  putModel(root, "sequence-files/1", simpleSequence());
  const numbers = ["float", "double", "float16", "uint8", "int32", "int64", "bool"] as const;
  for (const type of numbers)
    putModel(root, `echo_${type}/1`, identityModel(type, ["batch", "n"], { input: "INPUT0", output: "OUTPUT0" }));
  putModel(root, "labelled/1", zipMapModel(["setosa", "versicolor", "virginica"]));
  putModel(root, "echo_text/1", identityModel("string", ["batch", 1], { input: "INPUT0", output: "OUTPUT0" }));
  return root;
}

/** An answer with its JSON and the bytes after it. */
export interface V2Answer {
  status: number;
  headers: Headers;
  body: any;
  bytes: Buffer;
}

/** Sends a request; `bytes` follow the JSON of `head`, and the header says where they begin. */
export async function infer(
  url: string,
  { head, bytes, headers = {} }: { head: object | string; bytes?: Uint8Array; headers?: Record<string, string> },
): Promise<V2Answer> {
  const text = Buffer.from(typeof head === "string" ? head : JSON.stringify(head));
  const length = bytes === undefined ? {} : { "inference-header-content-length": String(text.byteLength) };
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", ...length, ...headers },
    body: bytes === undefined ? text : Buffer.concat([text, bytes]),
  });
  return readAnswer(response);
}

/** The JSON of an answer, and what follows it. */
export async function readAnswer(response: Response): Promise<V2Answer> {
  const all = Buffer.from(await response.arrayBuffer());
  const at = Number(response.headers.get("inference-header-content-length") ?? all.byteLength);
  const text = all.toString("utf8", 0, at);
  const body = /^[[{]/.test(text) ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body, bytes: all.subarray(at) };
}
