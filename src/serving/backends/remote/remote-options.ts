import { servingErrors } from "../../errors.ts";

/** How an engine elsewhere is asked. */
export interface RemoteOptions {
  /** Where it answers: `http://triton:8000`, with a path where it is mounted below one. */
  url: string;
  /** What it calls the model. */
  model: string;
  /** The version that it is to run. Default: the one that it chooses. */
  version?: string | undefined;
  /** Sent with every request: `{ authorization: "Bearer …" }`. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** How many requests go side by side, on connections that are kept. Default 8. */
  connections?: number | undefined;
  /** How often a request whose connection was refused is sent again. Default 3. */
  retries?: number | undefined;
}

const web: readonly string[] = ["http:", "https:"];

/** The address of an engine, of one of these protocols, without a slash at its end. @throws SERVING_BAD_REMOTE */
export function remoteUrl(runtime: string, { url, model }: RemoteOptions, protocols = web): URL {
  const refuse = (given: string, problem: string) => servingErrors.SERVING_BAD_REMOTE({ runtime, given, problem });
  if (!URL.canParse(url)) throw refuse(url, "it is no URL");
  const parsed = new URL(url);
  if (!protocols.includes(parsed.protocol)) {
    const [last, ...others] = protocols.map((protocol) => `${protocol}//`).toReversed();
    throw refuse(url, others.length > 1 ? `it begins with none of ${others.toReversed().join(", ")} and ${last}` : `it begins with neither ${others[0]} nor ${last}`); // prettier-ignore
  }
  if (parsed.username !== "" || parsed.password !== "") {
    const problem = "a URL is no place for a password; send it in headers";
    throw refuse(`${parsed.protocol}//${parsed.host}`, problem);
  }
  if (typeof model !== "string" || model === "") throw refuse(url, "no model is named");
  parsed.pathname = parsed.pathname.replace(/\/+$/, "");
  parsed.search = "";
  parsed.hash = "";
  return parsed;
}
