import { cliErrors } from "./errors.ts";

/** Milliseconds in which a running server has to answer; loading a model may take a while. */
const PATIENCE = 150_000;

/** The model addresses of a running server, asked with the token in CORTADO_TOKEN unless another is given. */
export class ServerClient {
  readonly #base: string;
  readonly #token: string | undefined;

  /** @param url the server, below which `/api` lies, or the address of its models' API itself. */
  constructor(url: string, token = process.env["CORTADO_TOKEN"]) {
    this.#token = token;
    const given = URL.parse(url);
    if (given === null || !/^https?:$/.test(given.protocol))
      throw cliErrors.CLI_SERVER_UNREACHABLE({ url, reason: "that is not an address of one" });
    const path = given.pathname.replace(/\/+$/, "");
    this.#base = `${given.origin}${path === "" ? "/api" : path}`;
  }

  get(path: string): Promise<unknown> {
    return this.#ask("GET", path);
  }

  /** Sends a body of JSON. */
  send(method: "POST" | "PUT", path: string, body: object): Promise<unknown> {
    return this.#ask(method, path, JSON.stringify(body));
  }

  /** @throws CLI_SERVER_UNREACHABLE, CLI_SERVER_REFUSED */
  async #ask(method: string, path: string, body?: string): Promise<unknown> {
    const url = `${this.#base}/${path}`;
    const token = this.#token;
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    if (body !== undefined) headers["content-type"] = "application/json";
    const request = { method, headers, redirect: "error", signal: AbortSignal.timeout(PATIENCE) } as const;
    const response = await fetch(url, body === undefined ? request : { ...request, body }).catch((error: Error) => {
      const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
      throw cliErrors.CLI_SERVER_UNREACHABLE({ url, reason: code ?? message });
    });
    const answer = (await response.json().catch(() => undefined)) as { error?: ServerError } | undefined;
    if (response.ok && answer !== undefined) return answer;
    const { message, hint } = answer?.error ?? {};
    throw cliErrors.CLI_SERVER_REFUSED({ url, status: response.status, message, hint });
  }
}

interface ServerError {
  message?: string;
  hint?: string;
}
