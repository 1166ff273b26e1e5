import type { Rendered } from "#templates";

/** An answer of a test site. */
export class TestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
  /** The names of the templates that were rendered, parents and includes among them, in their order. */
  readonly templates: readonly string[];
  /** What the templates were rendered with: the page's names first, then those that includes were given. */
  readonly context: Readonly<Record<string, any>>;

  constructor(
    answer: { statusCode: number; headers: Record<string, unknown>; rawPayload: Buffer },
    rendered: readonly Rendered[] = [],
  ) {
    this.templates = rendered.map(({ template }) => template.name);
    this.context = Object.assign({}, ...rendered.toReversed().map(({ context }) => context));
    this.status = answer.statusCode;
    this.headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    this.bytes = answer.rawPayload;
    this.text = answer.rawPayload.toString();
  }

  /** Where a redirect leads. */
  get location(): string | undefined {
    return this.headers["location"];
  }

  json<T = any>(): T {
    return JSON.parse(this.text) as T;
  }
}
