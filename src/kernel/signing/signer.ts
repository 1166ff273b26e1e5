import { createHmac } from "node:crypto";
import { kernelErrors } from "../errors.ts";
import { constantTimeCompare } from "./constant-time-compare.ts";
import { saltedKey } from "./salted-hmac.ts";
import { secretKeys } from "./secret-keys.ts";
import { type ObjectOptions, readObject, writeObject } from "./signed-object.ts";

type Bytes = string | Uint8Array;

/** What a signer signs with; everything has a default in an open project. */
export interface SignerOptions {
  /** The project's secret key where left out. */
  key?: Bytes | undefined;
  /** Separates uses: a value signed for one is refused for another. */
  salt?: string | undefined;
  /** Stands between the value and its signature: `:`. */
  sep?: string | undefined;
  /** A hash of Node's: `sha256`. */
  algorithm?: string | undefined;
  /** Keys that signed before: what they signed is still taken. The project's where no key is given. */
  fallbackKeys?: readonly Bytes[] | undefined;
}

/** A separator of these characters could not be told from the signature. */
const unsafeSeparator = /^[A-Za-z0-9\-_=]*$/;

/**
 * Signs values so that they can be given to a client and trusted when they come back. They stay readable. What Django's
 * `Signer` signed with the same key and salt is taken, and the other way round.
 *
 * ```ts
 * const signer = new Signer({ salt: "shop.voucher" });
 * const signed = signer.sign("10 %");
 * signer.unsign(signed);
 * ```
 */
export class Signer {
  readonly sep: string;
  readonly #salt: string;
  readonly #algorithm: string;
  readonly #given: readonly Bytes[] | undefined;
  /** The keys made of these, for as long as they are the project's. */
  #made: { from: readonly Bytes[]; keys: readonly Buffer[] } | undefined;

  /** @throws KERNEL_BAD_SEPARATOR */
  constructor({ key, salt, sep = ":", algorithm = "sha256", fallbackKeys }: SignerOptions = {}) {
    if (unsafeSeparator.test(sep)) throw kernelErrors.KERNEL_BAD_SEPARATOR({ given: sep });
    this.sep = sep;
    this.#salt = salt ?? this.defaultSalt;
    this.#algorithm = algorithm;
    this.#given = key === undefined ? undefined : [key, ...(fallbackKeys ?? [])];
  }

  /** The salt where none is given: that of Django's class, so that what one signs the other takes. */
  protected get defaultSalt(): string {
    return "django.core.signing.Signer";
  }

  /** The signature alone. @throws KERNEL_NO_SECRET_KEY, KERNEL_UNKNOWN_HASH */
  signature(value: Bytes): string {
    return this.#signatureBy(this.#keys()[0]!, value);
  }

  /** Whether a signature is this value's, by the newest key or an older one. */
  verify(value: Bytes, signature: string): boolean {
    return this.#keys().some((key) => constantTimeCompare(signature, this.#signatureBy(key, value)));
  }

  /** `value:signature`. */
  sign(value: string): string {
    return `${value}${this.sep}${this.signature(value)}`;
  }

  /** The value, if its signature is right. @throws KERNEL_BAD_SIGNATURE */
  unsign(signed: string): string {
    const at = signed.lastIndexOf(this.sep);
    if (at < 0) throw kernelErrors.KERNEL_BAD_SIGNATURE({ reason: "there is none" });
    const value = signed.slice(0, at);
    const given = signed.slice(at + this.sep.length);
    if (this.verify(value, given)) return value;
    throw kernelErrors.KERNEL_BAD_SIGNATURE({ reason: "it does not match the value" });
  }

  /** The value; undefined where nothing came, or its signature is not right. */
  tryUnsign(signed: string | undefined): string | undefined {
    if (signed === undefined) return undefined;
    try {
      return this.unsign(signed);
    } catch {
      return undefined;
    }
  }

  /** Signs what JSON can hold, as one text that fits into an address. */
  signObject(value: unknown, options: ObjectOptions = {}): string {
    return this.sign(writeObject(value, options));
  }

  /** What was signed by `signObject`. @throws KERNEL_BAD_SIGNATURE */
  unsignObject<T = unknown>(signed: string): T {
    return readObject(this.unsign(signed)) as T;
  }

  #signatureBy(key: Buffer, value: Bytes): string {
    return createHmac(this.#algorithm, key).update(value).digest("base64url");
  }

  #keys(): readonly Buffer[] {
    const from = this.#given ?? secretKeys();
    if (from[0]!.length === 0) throw kernelErrors.KERNEL_NO_SECRET_KEY();
    if (this.#made?.from !== from) {
      const keys = from.map((key) => saltedKey(`${this.#salt}signer`, key, this.#algorithm));
      this.#made = { from, keys };
    }
    return this.#made.keys;
  }
}
