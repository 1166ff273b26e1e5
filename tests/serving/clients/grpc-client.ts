import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const folder = resolve(import.meta.dirname, "../../../src/serving/backends/grpc");
const reading = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

export const { inference } = grpc.loadPackageDefinition(loadSync(join(folder, "open-inference.proto"), reading)) as any;
const { grpc: health } = grpc.loadPackageDefinition(loadSync(join(folder, "health.proto"), reading)) as any;

/** How a call ended: its answer or its error, and what the server told beside it. */
export interface Ended {
  answer: any;
  code: number;
  details: string;
  metadata: Record<string, string>;
}

/** A client as Triton's sample for JavaScript makes one, whose calls are promises that do not fail. */
export class GrpcClient {
  readonly stub: any;
  readonly health: any;

  readonly #headers: Record<string, string>;

  constructor(address: string, options: grpc.ClientOptions = {}, headers: Record<string, string> = {}) {
    this.#headers = headers;
    const credentials = grpc.credentials.createInsecure();
    this.stub = new inference.GRPCInferenceService(address, credentials, options);
    this.health = new health.health.v1.Health(address, credentials);
  }

  call(method: string, request: object = {}, options: { token?: string; timeout?: number } = {}): Promise<Ended> {
    const metadata = metadataOf(options.token, this.#headers);
    return ended((rest, done) => this.stub[method](request, metadata, rest, done), options);
  }

  checkHealth(request: object = {}): Promise<Ended> {
    return ended((rest, done) => this.health.Check(request, rest, done), {});
  }

  stream(token?: string): any {
    return this.stub.ModelStreamInfer(metadataOf(token));
  }

  close(): void {
    this.stub.close();
    this.health.close();
  }
}

type Start = (options: grpc.CallOptions, done: (error: unknown, value: unknown) => void) => grpc.ClientUnaryCall;

function ended(start: Start, { timeout = 20_000 }: { timeout?: number }): Promise<Ended> {
  return new Promise((done) => {
    let answer: any;
    const call = start({ deadline: Date.now() + timeout }, (_error, value) => (answer = value));
    call.on("status", ({ code, details, metadata }: grpc.StatusObject) =>
      // What the callback was given is there a moment later.
      setImmediate(() => done({ answer, code, details, metadata: metadata.getMap() as Record<string, string> })),
    );
  });
}

function metadataOf(token: string | undefined, headers: Record<string, string> = {}): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

/** The tensor `x` of a request, its elements in the list of its datatype. */
export function input(datatype: string, shape: readonly number[], contents: object = {}) {
  return { name: "x", datatype, shape, contents };
}
