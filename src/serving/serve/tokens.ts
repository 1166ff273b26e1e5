import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { HttpError, matchesOrigin } from "#http";
import { servingErrors } from "../errors.ts";
import type { Authorizer, Caller, ModelAction } from "../protocols/access.ts";

type Scope = "predict" | "manage" | "train";
const SCOPES: readonly Scope[] = ["predict", "manage", "train"];

interface Token {
  digest: Buffer;
  scopes: ReadonlySet<string>;
}

/** The fewest characters of a token: fewer can be guessed. */
const SHORTEST = 16;

const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();

/**
 * Reads a file of tokens: a token a line, with its scopes before it where it has not all of them; # begins a comment.
 * @throws SERVING_BAD_TOKEN_FILE
 */
function readTokens(file: string): Token[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw servingErrors.SERVING_BAD_TOKEN_FILE({ file, problem: `cannot be read (${(error as NodeJS.ErrnoException).code})` });
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const tokens = lines.flatMap((line, i) => (line === "" || line.startsWith("#") ? [] : [parseToken(line, file, i + 1)]));
  if (tokens.length === 0) throw servingErrors.SERVING_BAD_TOKEN_FILE({ file, problem: "holds no token" });
  return tokens;
}

function parseToken(line: string, file: string, number: number): Token {
  const parts = line.split(/\s+/);
  const token = parts.at(-1)!;
  const scopes = parts.length === 1 ? SCOPES : parts[0]!.split(",");
  const unknown = scopes.find((scope) => !SCOPES.includes(scope as Scope));
  if (token.length < SHORTEST && parts.length <= 2)
    throw servingErrors.SERVING_BAD_TOKEN_FILE({
      file,
      problem: `has a token of ${token.length} characters in line ${number}, and ${SHORTEST} are the fewest`,
    });
  if (parts.length > 2)
    throw servingErrors.SERVING_BAD_TOKEN_FILE({ file, problem: `has more than scopes and a token in line ${number}` });
  if (unknown !== undefined)
    throw servingErrors.SERVING_BAD_TOKEN_FILE({ file, problem: `has an unknown scope in line ${number}` });
  return { digest: digestOf(token), scopes: new Set(scopes) };
}

interface TokenAuthorizerOptions {
  tokenFile?: string | undefined;
  /** Lists and predicts for everyone. */
  openPredict: boolean;
  /** Open to this machine alone: pages of other sites, which its browsers show, need a token. Default false. */
  ownPagesOnly?: boolean;
  /** Origins of other sites whose pages may ask all the same. Default: none. */
  origins?: "*" | readonly string[];
}

/** Decides by bearer tokens of a file. Without a file, only what is open is allowed. */
export function tokenAuthorizer({
  tokenFile,
  openPredict,
  ownPagesOnly = false,
  origins = [],
}: TokenAuthorizerOptions): Authorizer {
  const tokens = tokenFile === undefined ? [] : readTokens(tokenFile);
  const isAllowed = ({ origin }: Caller["headers"]) =>
    origin !== undefined && (origins === "*" || origins.some((pattern) => matchesOrigin(origin, pattern)));
  return {
    authorize({ headers }: Caller, action: ModelAction) {
      const scope = action === "list" ? "predict" : action;
      const isForeign = ownPagesOnly && isForeignPage(headers) && !isAllowed(headers);
      if (openPredict && scope === "predict" && !isForeign) return;
      const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
      const token = given === undefined ? undefined : findToken(tokens, given);
      if (token === undefined && isForeign && given === undefined)
        throw new HttpError(403, "A page of another site needs a token to ask this server.", {
          hint: "Pages of this machine may ask; --cors ORIGIN lets those of another site in, --open all.",
        });
      if (token === undefined) {
        const message = given === undefined ? "This needs a token." : "The token is not valid.";
        const hint =
          tokens.length > 0
            ? "Send it as Authorization: Bearer TOKEN."
            : "Start the server with --token-file FILE, and send a token of it.";
        throw new HttpError(401, message, { hint, headers: { "www-authenticate": "Bearer" } });
      }
      if (!token.scopes.has(scope)) throw new HttpError(403, `The token does not have the scope "${scope}".`);
    },
  };
}

/** True where a browser says that a page of another site asks, and not its user. */
function isForeignPage({ origin, "sec-fetch-site": site, "sec-fetch-mode": mode }: Caller["headers"]): boolean {
  if (origin === undefined) return site === "cross-site" && mode !== "navigate";
  const host = URL.canParse(origin) ? new URL(origin).hostname : "";
  return !/^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);
}

/** Looks at every token, so that the time says nothing about which one is near. */
function findToken(tokens: readonly Token[], given: string): Token | undefined {
  const digest = digestOf(given);
  return tokens.filter((token) => timingSafeEqual(token.digest, digest))[0];
}
