import type { ObjectOptions } from "./signed-object.ts";
import type { SignerOptions } from "./signer.ts";
import { type MaxAgeOption, TimestampSigner } from "./timestamp-signer.ts";

type DumpsOptions = Pick<SignerOptions, "key" | "salt" | "fallbackKeys">;

/** The salt of `dumps` in Django too: what one signs the other takes. */
const usualSalt = "django.core.signing";

/**
 * What JSON can hold as one signed text with its time, fit for an address or a cookie. It stays readable: sign no secrets.
 *
 * ```ts
 * const text = dumps({ order: 3 }, { salt: "shop.order" });
 * loads(text, { salt: "shop.order", maxAge: 3600 });
 * ```
 */
export function dumps(value: unknown, { compress, ...options }: DumpsOptions & ObjectOptions = {}): string {
  return new TimestampSigner({ salt: usualSalt, ...options }).signObject(value, { compress });
}

/** What `dumps` signed. @throws KERNEL_BAD_SIGNATURE, KERNEL_SIGNATURE_EXPIRED */
export function loads<T = unknown>(signed: string, { maxAge, ...options }: DumpsOptions & MaxAgeOption = {}): T {
  return new TimestampSigner({ salt: usualSalt, ...options }).unsignObject<T>(signed, { maxAge });
}
