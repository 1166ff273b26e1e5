import { TimestampSigner } from "#kernel/signing";
import type { Cookie } from "./cookies.ts";
import type { HttpSettings } from "./settings.ts";

type Keys = Pick<HttpSettings, "secretKey" | "secretKeyFallbacks">;

/** Signs cookies as Django does, so that each takes the other's. */
export function cookieSigner({ secretKey, secretKeyFallbacks }: Keys, salt: string): TimestampSigner {
  const keyOf = (secret: string): string => `django.http.cookies${secret}`;
  return new TimestampSigner({ key: keyOf(secretKey), fallbackKeys: secretKeyFallbacks.map(keyOf), salt });
}

/** The cookie with its signature, where it is to have one. */
export function signedCookie(cookie: Cookie, keys: Keys): Cookie {
  const { name, value, salt } = cookie;
  return salt === undefined ? cookie : { ...cookie, value: cookieSigner(keys, name + salt).sign(value) };
}
