import { describeError, gotRequestException, type HttpRequest } from "#http";
import type { ProjectSettings } from "#kernel";
import { mailAdmins } from "#mail";
import { explain } from "../developer/explain.ts";
import { explanationText } from "../developer/explanation-text.ts";

/** How often admins are written to. */
export interface ErrorMailLimits {
  /** Seconds in which the same error is told once. */
  readonly pause: number;
  /** Messages an hour, whatever the errors. */
  readonly perHour: number;
}

const usualLimits: ErrorMailLimits = { pause: 600, perHour: 30 };

/**
 * Writes to the people of the setting `admins` when a request fails, with what the error page shows in development: what is
 * secret by its name is hidden. An error that comes again and again is told once in a while. Gives the function that ends it,
 * which waits for what is on its way.
 */
export function mailErrors(settings: ProjectSettings, limits: ErrorMailLimits = usualLimits): () => Promise<void> {
  if (!settings.admins?.length || settings.debug) return async () => undefined;
  const limiter = new Limiter(limits);
  const sending = new Set<Promise<void>>();
  const stop = gotRequestException.connect(({ request, error }) => {
    if (request.services.settings !== settings) return;
    const heldBack = limiter.take(keyOf(error));
    if (heldBack === undefined) return;
    // The visitor does not wait for it.
    const sent = report(request, error, heldBack).catch((failure: unknown) =>
      request.log.error({ err: failure }, "The admins were not told of an error."),
    );
    sending.add(sent);
    void sent.finally(() => sending.delete(sent));
  });
  return async () => {
    stop();
    await Promise.all(sending);
  };
}

async function report(request: HttpRequest, error: unknown, heldBack: number): Promise<void> {
  const problem = describeError(error, true);
  const explanation = await explain(request, problem);
  if (explanation === undefined) return;
  const subject = `Error at ${request.path}: ${explanation.title}`.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
  const more = heldBack === 0 ? "" : `\n${heldBack} further errors were not reported since the last message.\n`;
  await mailAdmins(subject.length > 200 ? `${subject.slice(0, 199)}…` : subject, explanationText(problem, explanation) + more);
}

/** What makes an error the same as another: its kind, and where it was thrown. */
function keyOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.name} ${/^[ \t]+at .*$/m.exec(error.stack ?? "")?.[0] ?? error.message}`;
}

class Limiter {
  readonly #limits: ErrorMailLimits;
  readonly #last = new Map<string, number>();
  #recent: number[] = [];
  #heldBack = 0;

  constructor(limits: ErrorMailLimits) {
    this.#limits = limits;
  }

  /** How many errors were held back since the last message; undefined where this one is, too. */
  take(key: string): number | undefined {
    const now = Date.now();
    this.#recent = this.#recent.filter((at) => now - at < 3_600_000);
    const isSoon = now - (this.#last.get(key) ?? -Infinity) < this.#limits.pause * 1000;
    if (isSoon || this.#recent.length >= this.#limits.perHour) {
      this.#heldBack++;
      return undefined;
    }
    if (this.#last.size > 1000) this.#last.clear();
    this.#last.set(key, now);
    this.#recent.push(now);
    const heldBack = this.#heldBack;
    this.#heldBack = 0;
    return heldBack;
  }
}
