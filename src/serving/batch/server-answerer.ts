import { servingErrors } from "../errors.ts";
import type { Signature } from "../tensors/signature.ts";
import { jsonSafe } from "../tensors/write-json.ts";
import type { RowAnswerer, RowTrouble, RowWish } from "./row-answerer.ts";

/** A running server. */
export interface RowServer {
  /** Where it is; its models' API lies below `/api`, unless the address has a path of its own. */
  url: string;
  /** A token with the scope `predict`. */
  token?: string | undefined;
}

/** Milliseconds after which a server that is not reached is asked again, and the longest pause that it may ask for. */
const LOST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;
/** Milliseconds in which a server has to answer where nothing says how long it may take. */
const PATIENCE = 150_000;

const GIVE_TOKEN = "Give a token with the scope predict: --token-file, or CORTADO_TOKEN.";

interface Told {
  code?: string;
  message?: string;
  hint?: string;
}

/** What a server answered in place of an answer; status 0 where there was none. */
export class ServerRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  /** Milliseconds after which it wants to be asked again. */
  readonly again: number | undefined;

  constructor(status: number, { code, message, hint }: Told, again?: number) {
    super(message ?? `It answered ${status}.`);
    this.status = status;
    this.code = code ?? "ERROR";
    this.hint = hint;
    this.again = again;
  }
}

/** A model of a running server. */
export class ServerAnswerer implements RowAnswerer {
  readonly #base: string;
  readonly #model: string;
  readonly #url: string;
  readonly #token: string | undefined;

  /** @throws SERVING_SERVER_FAILED */
  constructor(model: string, { url, token }: RowServer) {
    const given = URL.parse(url);
    this.#url = given === null ? url : given.origin;
    if (given === null || !/^https?:$/.test(given.protocol)) throw this.#failed("cannot be asked: that is no address of one");
    const path = given.pathname.replace(/\/+$/, "");
    this.#model = encodeURIComponent(model);
    this.#base = `${given.origin}${path === "" ? "/api" : path}`;
    this.#token = token;
  }

  async find({ version, alias = "default" }: RowWish): Promise<{ version: string; signature: Signature | undefined }> {
    try {
      const { aliases } = (await this.#send(`models/${this.#model}`)) as { aliases: Record<string, string> };
      const found = version ?? (Object.hasOwn(aliases, alias) ? aliases[alias]! : undefined);
      if (found === undefined) throw this.#failed(`has no alias "${alias}" of this model`);
      const told = (await this.#send(`models/${this.#model}/versions/${encodeURIComponent(found)}`)) as { signature?: Signature };
      return { version: found, signature: told.signature };
    } catch (error) {
      throw this.shown(error);
    }
  }

  async ask(item: unknown, wish: RowWish, signal: AbortSignal): Promise<unknown> {
    const { deadline, priority } = wish;
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (deadline !== undefined) headers["cortado-deadline"] = String(deadline);
    if (priority !== undefined) headers["cortado-priority"] = String(priority);
    const patient = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    const body = JSON.stringify({ input: jsonSafe(item) });
    const question = { method: "POST", headers, body, signal: patient };
    return ((await this.#send(`models/${this.#model}/${chosen(wish)}predict`, question)) as { output: unknown }).output;
  }

  troubleOf(error: unknown): RowTrouble {
    if (!(error instanceof ServerRefusal)) return { endsAll: true };
    const { status, again, code } = error;
    if (status === 429 || (status === 503 && again !== undefined)) return { pause: again ?? LOST_PAUSE, patient: true };
    if (code === "SERVING_MODEL_BROKEN") return { pause: LOST_PAUSE };
    // A server that starts, or what stands before it, knows no code.
    const isLost = status === 0 || status === 503 || (code === "ERROR" && [502, 504].includes(status));
    return isLost ? { pause: LOST_PAUSE, endsAll: true } : { endsAll: [401, 403, 404, 405].includes(status) || status < 400 };
  }

  async #send(place: string, question: RequestInit = {}): Promise<unknown> {
    const authorization: Record<string, string> = this.#token ? { authorization: `Bearer ${this.#token}` } : {};
    const { signal = AbortSignal.timeout(PATIENCE) } = question;
    const headers = { ...(question.headers as Record<string, string>), ...authorization };
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#base}/${place}`, { ...question, headers, signal, redirect: "manual" });
      text = await response.text();
    } catch (error) {
      const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
      throw new ServerRefusal(0, { message: `It is not reached: ${code ?? message}.` });
    }
    const answer = answerIn(text) as { error?: Told } | undefined;
    if (response.ok && answer !== undefined) return answer;
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    const again = Number.isNaN(seconds) ? undefined : Math.min(Math.max(50, seconds * 1000), LONGEST_PAUSE);
    throw new ServerRefusal(response.status, answer?.error ?? {}, again);
  }

  shown(error: unknown): unknown {
    if (!(error instanceof ServerRefusal)) return error;
    const { status, message } = error;
    const hints: Record<number, string> = {
      401: GIVE_TOKEN,
      403: GIVE_TOKEN,
      404: "Correct the model, the version or the address.",
    };
    const hint =
      hints[status] === GIVE_TOKEN ? GIVE_TOKEN : (error.hint ?? hints[status] ?? "Go on with --resume when it answers again.");
    const verb = status > 0 && status < 500 ? "refuses" : "did not answer";
    return this.#failed(`${verb}: ${message.replace(/\.$/, "")}${status > 0 ? ` (${status})` : ""}`, hint);
  }

  #failed(problem: string, hint?: string): Error {
    return servingErrors.SERVING_SERVER_FAILED({ url: this.#url, problem, hint });
  }
}

/** The part of an address that chooses a version. */
function chosen({ version, alias }: RowWish): string {
  if (version !== undefined) return `versions/${encodeURIComponent(version)}/`;
  return alias === undefined ? "" : `aliases/${encodeURIComponent(alias)}/`;
}

/** A text of JSON; integers that a number cannot hold keep all their digits. */
function answerIn(text: string): unknown {
  const isLong = /\d{16}/.test(text);
  const exact = (_key: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? "") ? BigInt(source!) : value;
  try {
    return isLong ? JSON.parse(text, exact as (key: string, value: unknown) => unknown) : JSON.parse(text);
  } catch {
    return undefined;
  }
}
