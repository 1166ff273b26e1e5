import { servingErrors } from "../../errors.ts";
import type { SourceAllowList } from "../source-allow-list.ts";

export interface WebClientOptions {
  allowed: SourceAllowList;
  /** The value of an `Authorization` header; told to the source's own server alone. */
  authorization: string | undefined;
}

export interface WebQuestion {
  method: "GET" | "HEAD";
  headers?: Record<string, string>;
  signal: AbortSignal;
}

const MOST_REDIRECTS = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Asks a web server, and follows it where it sends on to, as far as the operator's list goes. */
export class WebClient {
  readonly #options: WebClientOptions;

  constructor(options: WebClientOptions) {
    this.#options = options;
  }

  /** @throws SERVING_SOURCE_FAILED, and what `fetch` throws where the server is not reached */
  async ask(address: string, question: WebQuestion): Promise<Response> {
    const first = new URL(address);
    let url = first;
    for (let followed = 0; followed <= MOST_REDIRECTS; followed++) {
      const response = await this.#askOnce(url, question, url.origin === first.origin);
      if (!redirects.has(response.status)) return response;
      await response.body?.cancel();
      const next = URL.parse(response.headers.get("location") ?? "", url.href);
      if (next === null || !this.#options.allowed.allowsRedirect(url, next)) throw sentAway(next);
      url = next;
    }
    throw failed(`sent on more than ${MOST_REDIRECTS} times`);
  }

  async #askOnce(url: URL, { method, headers, signal }: WebQuestion, isOwn: boolean): Promise<Response> {
    const { authorization } = this.#options;
    const response = await fetch(url, {
      method,
      // What comes is wanted byte for byte, as its digest is of those.
      headers: { "accept-encoding": "identity", ...headers, ...(authorization && isOwn ? { authorization } : {}) },
      redirect: "manual",
      signal,
    }).catch((error: Error) => {
      if (signal.aborted) throw signal.reason;
      throw new Error(`it is not reached (${reasonOf(error)})`, { cause: error });
    });
    const encoding = response.headers.get("content-encoding") ?? "identity";
    if (encoding === "identity") return response;
    await response.body?.cancel();
    throw failed(`sends its content packed as "${encoding}", which was not asked for`);
  }
}

function sentAway(next: URL | null): Error {
  const hint = "Add the beginning of that address to serving.sources.allow, if models may come from there.";
  const problem = `sends readers on to ${next === null ? "nowhere" : next.origin}, which is not allowed`;
  return servingErrors.SERVING_SOURCE_FAILED({ what: "The server", problem, hint });
}

function failed(problem: string): Error {
  return servingErrors.SERVING_SOURCE_FAILED({ what: "The server", problem });
}

/** `fetch` says little itself, and wraps what says more. */
function reasonOf(error: Error): string {
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}
