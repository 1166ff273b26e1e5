import { ClientError, cutOff, type Refusal } from "./client-error.ts";
import type { Json } from "./json.ts";
import { RunClient, type RunDescription } from "./run-client.ts";
import { serverEvents } from "./server-events.ts";
import type { Transport } from "./transport.ts";

/** Which version is to answer, without one the alias `default`, how urgent that is, and what gives the request up. */
export interface AskOptions {
  version?: string | undefined;
  alias?: string | undefined;
  /** Work of a lower number goes first: from 1 to the levels of the model's queue. Default: the middle one. */
  priority?: number | undefined;
  /** Milliseconds in which the server must answer, where that is sooner than the model's own deadline; of a stream, each piece. */
  deadline?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** An answer with what gave it. */
export interface PredictionAnswer<Out> {
  /** Names the prediction, for feedback. */
  id: string;
  output: Json<Out>;
  model: string;
  version: string;
}

/** A model, as the API describes it. */
export interface ModelDescription {
  name: string;
  description?: string;
  /** What runs it: `"onnx"`, `"python"`, `"functions"`, … */
  runtime?: string;
  /** Who may ask it. */
  access: "public" | "permission";
  ready: boolean;
  /** The newest first. */
  versions: string[];
  aliases: Record<string, string>;
  signature?: { inputs: object[]; outputs: object[] };
}

/** One model of a server. */
export class ModelClient<In, Out, Piece> {
  readonly name: string;
  readonly #transport: Transport;

  constructor(transport: Transport, name: string) {
    this.#transport = transport;
    this.name = name;
  }

  /** Answers one item. @throws ClientError */
  async predict(item: In, options?: AskOptions): Promise<Json<Out>> {
    return (await this.answer(item, options)).output;
  }

  /** Answers one item, and says which version did. @throws ClientError */
  answer(item: In, options: AskOptions = {}): Promise<PredictionAnswer<Out>> {
    return this.#transport.json(this.#ask({ input: item }, options));
  }

  /** Answers several items, in their order, all by one version. @throws ClientError */
  async predictMany(items: readonly In[], options: AskOptions = {}): Promise<Json<Out>[]> {
    const { outputs } = await this.#transport.json<{ outputs: Json<Out>[] }>(this.#ask({ inputs: items }, options));
    return outputs;
  }

  /** Answers one item piece by piece. Who stops reading ends the work. @throws ClientError */
  async *stream(item: In, options: AskOptions = {}): AsyncGenerator<Json<Piece>> {
    const response = await this.#transport.send({ ...this.#ask({ input: item }, options), accept: "text/event-stream" });
    for await (const { event, data } of serverEvents(response, options.signal)) {
      if (event === "end") return;
      if (event === "piece") yield (data as { output: Json<Piece> }).output;
      if (event === "error") throw new ClientError(response.status, (data as { error: Refusal }).error);
    }
    throw cutOff(response.status);
  }

  /** Starts a training. @throws ClientError */
  async train(parameters: Record<string, unknown> = {}): Promise<RunClient> {
    const question = { method: "POST", address: `${this.#address}/train`, body: { parameters }, repeatable: false } as const;
    const { id } = await this.#transport.json<RunDescription>(question);
    return new RunClient(this.#transport, id);
  }

  /** What the model is, and which versions it has. */
  describe(): Promise<ModelDescription> {
    return this.#transport.json({ method: "GET", address: this.#address, repeatable: true });
  }

  get #address(): string {
    return `models/${encodeURIComponent(this.name)}`;
  }

  #ask(body: object, { version, alias, priority, deadline, signal }: AskOptions) {
    const headers = {
      ...(priority !== undefined && { "cortado-priority": String(priority) }),
      ...(deadline !== undefined && { "cortado-deadline": String(deadline) }),
    };
    const of =
      version !== undefined ? `/versions/${encodeURIComponent(version)}` : alias ? `/aliases/${encodeURIComponent(alias)}` : "";
    return { method: "POST", address: `${this.#address}${of}/predict`, body, headers, signal, repeatable: true } as const;
  }
}
