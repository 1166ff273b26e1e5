import { createHash, createHmac, getHashes } from "node:crypto";
import { kernelErrors } from "../errors.ts";
import { didYouMean } from "../nearest-name.ts";
import { secretKeys } from "./secret-keys.ts";

/** Which secret keys the HMAC, and by which hash. */
export interface SaltedHmacOptions {
  /** The project's secret key where left out. */
  secret?: string | Uint8Array | undefined;
  /** A hash of Node's: `sha256`. */
  algorithm?: string | undefined;
}

/** The bytes that key an HMAC for one use: the hash of a salt and the secret. */
export function saltedKey(salt: string | Uint8Array, secret: string | Uint8Array, algorithm: string): Buffer {
  try {
    return createHash(algorithm).update(salt).update(secret).digest();
  } catch (cause) {
    const hint = didYouMean(algorithm, getHashes());
    throw kernelErrors.KERNEL_UNKNOWN_HASH({ given: algorithm, hint, cause });
  }
}

/**
 * An HMAC of a value, under a key made of a salt and a secret, so that one secret serves many uses.
 *
 * ```ts
 * saltedHmac("shop.voucher", "10 %").toString("hex");
 * ```
 * @throws KERNEL_NO_SECRET_KEY, KERNEL_UNKNOWN_HASH
 */
export function saltedHmac(
  salt: string | Uint8Array,
  value: string | Uint8Array,
  { secret = secretKeys()[0]!, algorithm = "sha256" }: SaltedHmacOptions = {},
): Buffer {
  return createHmac(algorithm, saltedKey(salt, secret, algorithm))
    .update(value)
    .digest();
}
