import { performance } from "node:perf_hooks";
import type { ItemRunner, RunOptions, RunResult, Runtime } from "../../engines/runtime.ts";
import { servingErrors } from "../../errors.ts";
import { parseExact } from "../../tensors/exact-integers.ts";
import { withoutBareTokens } from "../../bodies/tensorflow-serving/bare-tokens.ts";
import { jsonSafe } from "../../tensors/write-json.ts";
import { checkStatus } from "../remote/check-status.ts";
import type { RemoteAnswer, RemoteClient, RemoteQuestion } from "../remote/remote-client.ts";
import type { RemoteOptions } from "../remote/remote-options.ts";
import { type RemoteContext, remoteRuntime } from "../remote/remote-runtime.ts";

/**
 * Runs a model on TorchServe. Items go there one by one, for it batches by itself: bytes and text as they are, everything
 * else as JSON.
 *
 * ```ts
 * export const kittens = handler({ name: "kittens", runtime: torchServe({ url: "http://torch:8080", model: "densenet161" }) });
 * ```
 * @throws SERVING_BAD_REMOTE
 */
export function torchServe(options: RemoteOptions): Runtime {
  return remoteRuntime(options, {
    kind: "torchserve",
    name: "torchServe",
    connect: async (client, context) => {
      const answer = await client.ask({ path: "ping" });
      if (answer.status === 500) {
        const problem = "it says that it is not healthy";
        throw servingErrors.SERVING_REMOTE_UNREACHABLE({ model: context.model, problem });
      }
      checkStatus(answer, context);
      const version = options.version === undefined ? "" : `/${encodeURIComponent(options.version)}`;
      return new TorchServeRunner(client, { ...context, path: `predictions/${encodeURIComponent(options.model)}${version}` });
    },
  });
}

class TorchServeRunner implements ItemRunner {
  readonly takes = "items";
  readonly batches = false;
  readonly slots: number;
  readonly #client: RemoteClient;
  readonly #model: RemoteContext & { path: string };

  constructor(client: RemoteClient, model: RemoteContext & { path: string }) {
    this.#client = client;
    this.#model = model;
    this.slots = model.slots;
  }

  async run(items: unknown[], options: RunOptions): Promise<RunResult<unknown[]>> {
    const started = performance.now();
    const result = await Promise.all(items.map((item) => this.#ask(item, options)));
    return { result, milliseconds: performance.now() - started };
  }

  /** The pieces as they come over the wire, as text. */
  async *stream(item: unknown, options: RunOptions): AsyncGenerator<string> {
    const { model } = this.#model;
    const answer = await this.#client.open(this.#question(item, options));
    if ("body" in answer) return void checkStatus(answer, this.#model);
    const decoder = new TextDecoder();
    try {
      for await (const piece of answer as AsyncIterable<Buffer>) yield decoder.decode(piece, { stream: true });
    } catch (error) {
      throw servingErrors.SERVING_REMOTE_FAILED({ model, problem: "broke off its answer", cause: error });
    } finally {
      answer.destroy();
    }
  }

  problem(): string | undefined {
    return this.#client.problem;
  }

  close(): void {
    this.#client.close();
  }

  async #ask(item: unknown, options: RunOptions): Promise<unknown> {
    const answer = await this.#client.ask(this.#question(item, options));
    checkStatus(answer, this.#model);
    return outputOf(answer);
  }

  #question(item: unknown, { signal, requestId, trace }: RunOptions): RemoteQuestion {
    const { body, type } = bodyOf(item);
    return { path: this.#model.path, body: [body], headers: { "content-type": type }, signal, requestId, trace };
  }
}

function bodyOf(item: unknown): { body: Uint8Array; type: string } {
  if (item instanceof Uint8Array) return { body: item, type: "application/octet-stream" };
  if (typeof item === "string") return { body: Buffer.from(item), type: "text/plain; charset=utf-8" };
  return { body: Buffer.from(JSON.stringify(jsonSafe(item) ?? null)), type: "application/json" };
}

/** JSON as its value, whatever its type is said to be; other text and bytes as they are. */
function outputOf({ headers, body }: RemoteAnswer): unknown {
  const type = headers["content-type"] ?? "";
  if (/octet-stream|^image\/|^audio\/|^video\//i.test(type)) return body;
  const text = body.toString("utf8");
  try {
    const json = withoutBareTokens(text);
    return parseExact(json) ?? (JSON.parse(json) as unknown);
  } catch {
    return text;
  }
}
