import { Agent as PlainAgent, type IncomingHttpHeaders, type IncomingMessage, request as askPlainly } from "node:http";
import { Agent, request as askSafely } from "node:https";
import { isIP } from "node:net";
import { servingErrors } from "../../errors.ts";
import type { SourceAllowList } from "../source-allow-list.ts";
import { isPublicAddress, PrivateAddress, publicLookup } from "./public-lookup.ts";

export interface WebClientOptions {
  allowed: SourceAllowList;
  /** The value of an `Authorization` header; told to the source's own server alone. */
  authorization: string | undefined;
  /** Follows to any public server, where that is how the source gives its files: what comes is held against digests. */
  anyPublic?: boolean;
}

export interface WebQuestion {
  method: "GET" | "HEAD";
  headers?: Record<string, string>;
  signal: AbortSignal;
}

/** What a server answered. Who does not read the body destroys it. */
export interface WebAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: IncomingMessage;
}

const MOST_REDIRECTS = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Asks a web server, and follows it where it sends on to, as far as the operator's list goes. */
export class WebClient {
  readonly #options: WebClientOptions;
  readonly #plain = new PlainAgent({ keepAlive: true });
  readonly #safe = new Agent({ keepAlive: true });
  /** Connects to public addresses alone. */
  readonly #guarded = new Agent({ keepAlive: true, lookup: publicLookup });

  constructor(options: WebClientOptions) {
    this.#options = options;
  }

  /** Ends the connections that wait for further questions. */
  close(): void {
    for (const agent of [this.#plain, this.#safe, this.#guarded]) agent.destroy();
  }

  /** @throws SERVING_SOURCE_FAILED, and an error of no code where the server is not reached */
  async ask(address: string, question: WebQuestion): Promise<WebAnswer> {
    const first = new URL(address);
    let url = first;
    for (let followed = 0; followed <= MOST_REDIRECTS; followed++) {
      const answer = await this.#askOnce(url, question, url.origin === first.origin);
      if (!redirects.has(answer.status)) return answer;
      answer.body.destroy();
      const next = URL.parse(answer.headers.location ?? "", url.href);
      if (next === null || !this.#mayFollow(url, next)) throw sentAway(next);
      url = next;
    }
    throw failed(`sent on more than ${MOST_REDIRECTS} times`);
  }

  #mayFollow(from: URL, to: URL): boolean {
    if (this.#options.allowed.allowsRedirect(from, to)) return true;
    const isBare = to.username === "" && to.password === "";
    const isNamed = isIP(to.hostname.replace(/^\[|\]$/g, "")) === 0 || isPublicAddress(to.hostname);
    return this.#options.anyPublic === true && isBare && to.protocol === "https:" && isNamed;
  }

  async #askOnce(url: URL, { method, headers, signal }: WebQuestion, isOwn: boolean): Promise<WebAnswer> {
    const { authorization, allowed } = this.#options;
    const agent = url.protocol === "http:" ? this.#plain : isOwn || allowed.lists(url) ? this.#safe : this.#guarded;
    // What comes is wanted byte for byte, as its digest is of those.
    const told = { "accept-encoding": "identity", ...headers, ...(authorization && isOwn ? { authorization } : {}) };
    const body = await answerOf(url, { method, headers: told, signal, agent }).catch((error: NodeJS.ErrnoException) => {
      if (signal.aborted) throw signal.reason;
      if (error instanceof PrivateAddress) throw failed(`sends readers on to ${url.origin}, which is in a private network`);
      throw new Error(`it is not reached (${error.code ?? error.message})`, { cause: error });
    });
    const { statusCode: status = 0, headers: said } = body;
    const encoding = said["content-encoding"] ?? "identity";
    if (encoding === "identity" || redirects.has(status)) return { status, headers: said, body };
    body.destroy();
    throw failed(`sends its content packed as "${encoding}", which was not asked for`);
  }
}

function answerOf(
  url: URL,
  options: { method: string; headers: Record<string, string>; signal: AbortSignal; agent: PlainAgent },
) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = (url.protocol === "http:" ? askPlainly : askSafely)(url, options, resolve);
    request.on("error", reject).end();
  });
}

/** True where a server gave what it was asked for. */
export function isGiven({ status }: WebAnswer): boolean {
  return status >= 200 && status < 300;
}

function sentAway(next: URL | null): Error {
  const hint = "Add the beginning of that address to serving.sources.allow, if models may come from there.";
  const problem = `sends readers on to ${placeOf(next)}, which is not allowed`;
  return servingErrors.SERVING_SOURCE_FAILED({ what: "The server", problem, hint });
}

/** Addresses of other schemes have no server. */
function placeOf(url: URL | null): string {
  if (url === null) return "nowhere";
  return url.origin === "null" ? `an address of ${url.protocol}` : url.origin;
}

function failed(problem: string): Error {
  return servingErrors.SERVING_SOURCE_FAILED({ what: "The server", problem });
}
