import { createHash, randomBytes } from "node:crypto";
import { HttpError } from "#http";
import { didYouMean } from "#kernel";
import type { AbstractUserRow } from "./abstract-user.ts";
import { authErrors } from "./errors.ts";
import { ApiToken } from "./models.ts";
import { userModel } from "./user-model.ts";

/** What a token may be used for. */
export const tokenScopes = ["predict", "train", "manage"] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** Who stands behind a request's token, and what the token allows. */
export interface TokenIdentity {
  readonly user: AbstractUserRow;
  readonly scopes: ReadonlySet<string>;
  readonly token: ApiToken;
}

/** What may carry a token: a request, or the metadata of a call. */
export interface TokenBearer {
  readonly headers: { readonly authorization?: string | undefined };
}

const prefixLength = 12;
const noteUseEvery = 60_000;

export interface NewTokenOptions {
  name?: string | undefined;
  expires?: Date | undefined;
  /** A token of one's own making, as hard to guess as it is long; a random one where it is left out. */
  value?: string | undefined;
}

/**
 * Makes a token for machines. What it returns is the only time that it is seen; the database keeps its hash.
 *
 * ```ts
 * const token = await createToken(user, ["predict", "train"], { name: "nightly" });
 * ```
 * @throws AUTH_UNKNOWN_SCOPE
 */
export async function createToken(
  user: AbstractUserRow,
  scopes: readonly string[],
  options: NewTokenOptions = {},
): Promise<string> {
  for (const given of scopes) {
    if (!(tokenScopes as readonly string[]).includes(given))
      throw authErrors.AUTH_UNKNOWN_SCOPE({ given, known: tokenScopes, hint: didYouMean(given, tokenScopes) });
  }
  const value = options.value ?? `cortado_${randomBytes(32).toString("base64url")}`;
  await ApiToken.objects.create({
    userId: user.pk,
    name: options.name ?? "",
    prefix: value.slice(0, Math.min(prefixLength, value.length / 2)),
    digest: digestOf(value),
    scopes: [...scopes],
    expires: options.expires ?? null,
  });
  return value;
}

/** The row of a token, whoever's it is: to see whether one is there. */
export async function findToken(value: string): Promise<ApiToken | null> {
  return ApiToken.objects.filter({ digest: digestOf(value) }).first();
}

/**
 * Who stands behind the `Authorization: Bearer` header, of a request or of a call over gRPC; undefined where there is none.
 * @throws HttpError 401 where the token is unknown, expired, switched off or its user is not active
 */
export async function authenticateToken({ headers }: TokenBearer): Promise<TokenIdentity | undefined> {
  const header = headers.authorization;
  if (header === undefined) return undefined;
  const value = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (value === undefined) throw refuse("The Authorization header must be: Bearer TOKEN.");
  const token = await findToken(value);
  if (token === null || !token.isActive) throw refuse("The token is not valid.");
  if (token.expires !== null && token.expires.getTime() <= Date.now()) throw refuse("The token has expired.");
  const user = await userModel().objects.filter({ pk: token.userId }).first();
  if (!user?.isActive) throw refuse("The token is not valid.");
  await noteUse(token);
  return { user, scopes: new Set(token.scopes), token };
}

function refuse(message: string): HttpError {
  return new HttpError(401, message, { headers: { "www-authenticate": "Bearer" } });
}

/** A write a minute, not a write a request. */
async function noteUse(token: ApiToken): Promise<void> {
  if (token.lastUsed !== null && Date.now() - token.lastUsed.getTime() < noteUseEvery) return;
  token.lastUsed = new Date();
  await token.save();
}

/** Tokens are long and random: a plain hash is enough, and must be fast. */
function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}
