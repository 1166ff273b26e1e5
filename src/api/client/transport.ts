import { ClientError, cutOff, type Refusal } from "./client-error.ts";
import type { ClientOptions } from "./client.ts";

/** What is sent to one address. */
export interface Question {
  method: "GET" | "POST";
  /** Below the API's prefix: `models/digits/predict`. */
  address: string;
  body?: object | undefined;
  accept?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  signal?: AbortSignal | undefined;
  /** False where sending it twice would do it twice. */
  repeatable: boolean;
}

const longestPause = 10_000;

/**
 * Sends questions to one server: with the token, or in a browser with the page's session and its CSRF token, and again where the
 * server was busy.
 */
export class Transport {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** The answer, whose status is a good one. @throws ClientError */
  async send(question: Question): Promise<Response> {
    const { retries = 2 } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#sendOnce(question);
      } catch (error) {
        if (!(error instanceof ClientError) || attempt >= retries || !isWorthRepeating(error, question)) throw error;
        await pause(Math.min(error.retryAfter ?? 100 * 2 ** attempt, longestPause), question.signal);
      }
    }
  }

  /** The answer as JSON. @throws ClientError */
  async json<T>(question: Question): Promise<T> {
    const response = await this.send(question);
    const text = await response.text().catch((cause: unknown) => {
      throw question.signal?.aborted ? cause : cutOff(response.status, cause);
    });
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      const message = `The answer of ${this.#address(question)} is not JSON: ${text.slice(0, 80)}`;
      throw new ClientError(response.status, { code: "CLIENT_BAD_ANSWER", message }, { cause });
    }
  }

  async #sendOnce(question: Question): Promise<Response> {
    const { method, body, signal } = question;
    const send = this.#options.fetch ?? fetch;
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    let response: Response;
    try {
      response = await send(this.#address(question), {
        method,
        headers: await this.#headers(question),
        ...(signal && { signal }),
        ...given,
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      const message = `${this.#address(question)} was not reached.`;
      throw new ClientError(0, { code: "CLIENT_NOT_REACHED", message, hint: "Is the server running there?" }, { cause });
    }
    if (response.ok) return response;
    throw await refusalOf(response);
  }

  #address({ address }: Question): string {
    return `${(this.#options.url ?? "/api").replace(/\/$/, "")}/${address}`;
  }

  async #headers({ body, accept = "application/json", headers: own }: Question): Promise<Record<string, string>> {
    const { token, headers } = this.#options;
    const bearer = typeof token === "function" ? await token() : token;
    const csrf = bearer === undefined ? csrfToken() : undefined;
    return {
      accept,
      ...(body && { "content-type": "application/json" }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(csrf === undefined ? {} : { "x-csrftoken": csrf }),
      ...headers,
      ...own,
    };
  }
}

/** The token that a page of the project's own was given in a cookie. */
function csrfToken(): string | undefined {
  const cookies = (globalThis as { document?: { cookie?: string } }).document?.cookie;
  return /(?:^|; )csrftoken=([^;]+)/.exec(cookies ?? "")?.[1];
}

/** A full queue has done nothing; a connection that broke may have. */
function isWorthRepeating({ status }: ClientError, { repeatable }: Question): boolean {
  return status === 503 || status === 429 || (status === 0 && repeatable);
}

async function refusalOf(response: Response): Promise<ClientError> {
  const text = await response.text();
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isNaN(seconds) ? undefined : seconds * 1000;
  return new ClientError(response.status, readRefusal(text, response.status), { retryAfter });
}

function readRefusal(text: string, status: number): Refusal {
  try {
    const { error } = JSON.parse(text) as { error?: Partial<Refusal> };
    if (typeof error?.message === "string")
      return { code: error.code ?? `HTTP_${status}`, message: error.message, hint: error.hint };
  } catch {
    // Something before the server answered: a proxy's page.
  }
  return { code: "CLIENT_BAD_ANSWER", message: `The server answered ${status}.` };
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      signal?.removeEventListener("abort", give);
      resolve();
    }
    function give(): void {
      clearTimeout(timer);
      reject(signal!.reason);
    }
    if (signal?.aborted) give();
    else signal?.addEventListener("abort", give, { once: true });
  });
}
