import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { isLoopback } from "../source-allow-list.ts";

/**
 * Where the hub of models is asked: what the setting says, else `HF_ENDPOINT`, by which its other programs know a mirror.
 * @throws SERVING_BAD_SOURCE
 */
export function hubEndpoint(given: string | undefined): string {
  const text = given ?? (process.env["HF_ENDPOINT"] || "https://huggingface.co");
  const url = URL.parse(text);
  const isBare = url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.origin));
  if (isBare && isSafe) return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const problem =
    "is not where a hub can be asked: that is https, or http on this machine, without credentials, query or fragment";
  throw servingErrors.SERVING_BAD_SOURCE({ source: url === null ? text : `${url.protocol}//${url.host}`, problem });
}

/** The token of this machine's user, where the hub's other programs keep it. */
export function hubToken(): string | undefined {
  const env = (name: string) => process.env[name] || undefined;
  const given = env("HF_TOKEN");
  if (given !== undefined) return given.trim();
  const home = env("HF_HOME") ?? join(env("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface");
  try {
    return readFileSync(env("HF_TOKEN_PATH") ?? join(home, "token"), "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
