import type { Handler } from "#serving";
import { ModelClient } from "./model-client.ts";
import { Transport } from "./transport.ts";

export type { ModelClient } from "./model-client.ts";

/** How a client reaches its server. */
export interface ClientOptions {
  /** Where the API is mounted. Default `/api`, for pages of the same site. */
  url?: string;
  /** A token with the scope `predict`, or what gives one. Without one, a page's session counts. */
  token?: string | (() => string | Promise<string>);
  /** How often a request is sent again where the server was busy. Default 2. */
  retries?: number;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /** What sends requests. Default: the platform's own. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** The models of a module of handlers, by their names. */
export type ModelsClient<Handlers> = {
  readonly [
    Key in keyof Handlers as Handlers[Key] extends Handler<any, any, any, infer Name> ? Name : never
  ]: Handlers[Key] extends Handler<infer In, infer Out, infer Piece> ? ModelClient<In, Out, Piece> : never;
};

/**
 * The models of a server, typed by the handlers that serve them, in a browser or anywhere else. Only types are taken from the
 * handlers, by `import type * as handlers from "../shop/handlers.ts"`: none of their code comes along.
 *
 * ```ts
 * const models = client<typeof handlers>({ url: "http://127.0.0.1:8000/api" });
 * const { digit } = await models.digits.predict({ pixels });
 * for await (const word of models.story.stream({ text: "Once" })) show(word);
 * ```
 */
export function client<Handlers>(options: ClientOptions = {}): ModelsClient<Handlers> {
  const transport = new Transport(options);
  const known = new Map<string, ModelClient<unknown, unknown, unknown>>();
  const modelOf = (name: string) => {
    if (!known.has(name)) known.set(name, new ModelClient(transport, name));
    return known.get(name);
  };
  // A promise is what has a `then`: the client itself must not look like one.
  const get = (_: object, name: string | symbol) => (typeof name === "string" && name !== "then" ? modelOf(name) : undefined);
  return new Proxy({}, { get }) as ModelsClient<Handlers>;
}
