import { spawn } from "node:child_process";
import { devNull } from "node:os";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { servingErrors } from "../../errors.ts";

export interface GitOptions {
  directory: string;
  signal: AbortSignal;
  /** Where it is asked from; plain http is only let through for such an address. */
  url?: string | undefined;
  /** The value of an `Authorization` header, for the server of `url` alone. */
  authorization?: string | undefined;
  /** Milliseconds without a byte after which it gives up. */
  patience?: number | undefined;
  input?: string | undefined;
}

/** A running `git`. */
export interface GitProcess {
  input: Writable;
  output: Readable;
  /** Fulfilled when it has ended well. @throws SERVING_NO_GIT, SERVING_SOURCE_FAILED */
  ended: Promise<void>;
}

/** What of this process's environment git sees: where programs, certificates and proxies are, and nothing secret. */
const passedOn = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"];
const proxies = ["http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];

/**
 * How it works: git runs without anybody's configuration, hooks, credential helpers or questions; it speaks https alone (and
 * plain http where the operator allowed this machine's own), follows no redirects, and is told credentials by its
 * environment, which no list of processes shows.
 */
export function startGit(args: readonly string[], options: GitOptions): GitProcess {
  const { directory, signal, input } = options;
  const child = spawn("git", args, { cwd: directory, env: environment(options), stdio: ["pipe", "pipe", "pipe"], signal });
  const said = text(child.stderr).catch(() => "");
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason as Error);
      else reject(error.code === "ENOENT" ? servingErrors.SERVING_NO_GIT() : error);
    });
    child.on("close", (code) => {
      if (code === 0) resolve();
      else void said.then((words) => reject(failure(args, words)));
    });
  });
  ended.catch(() => {});
  // It may end before it has read all: that is told by its exit.
  child.stdin.on("error", () => {});
  if (input !== undefined) child.stdin.end(input);
  return { input: child.stdin, output: child.stdout, ended };
}

/** Runs git to its end, and gives what it wrote. */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const { output, ended } = startGit(args, { input: "", ...options });
  const [written] = await Promise.all([text(output), ended]);
  return written;
}

function environment({ url, authorization, patience = 30_000 }: GitOptions): NodeJS.ProcessEnv {
  const configuration: [string, string][] = [
    ["protocol.allow", "never"],
    [`protocol.${url?.startsWith("http:") ? "http" : "https"}.allow`, "always"],
    ["protocol.version", "2"],
    ["core.hooksPath", devNull],
    ["core.askPass", ""],
    ["core.symlinks", "false"],
    ["credential.helper", ""],
    ["http.followRedirects", "false"],
    ["http.lowSpeedLimit", "1"],
    ["http.lowSpeedTime", String(Math.ceil(patience / 1000))],
    ["transfer.fsckObjects", "true"],
    ["submodule.recurse", "false"],
    ["fetch.negotiationAlgorithm", "noop"],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
  ];
  if (url && authorization) configuration.push([`http.${new URL(url).origin}/.extraHeader`, `Authorization: ${authorization}`]);
  const env: NodeJS.ProcessEnv = {
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_COUNT: String(configuration.length),
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_LFS_SKIP_SMUDGE: "1",
    LC_ALL: "C",
  };
  for (const [at, [key, value]] of configuration.entries()) {
    env[`GIT_CONFIG_KEY_${at}`] = key;
    env[`GIT_CONFIG_VALUE_${at}`] = value;
  }
  for (const name of [...passedOn, ...proxies]) if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}

/** What git said last that says something, without the addresses in it. */
function failure(args: readonly string[], words: string): Error {
  const lines = words.split("\n").filter((line) => /^(?:fatal|error|remote):/.test(line));
  const said = (lines.find((line) => line.startsWith("fatal:")) ?? lines[0] ?? "it ended without a word").replace(/^\w+: /, "");
  const problem = `did not answer git ${args[0]}: ${said
    .replaceAll(/'?https?:\/\/\S+/g, "it")
    .trim()
    .replace(/\.$/, "")}`;
  return servingErrors.SERVING_SOURCE_FAILED({ what: "The repository", problem });
}
