import { kernelErrors } from "../errors.ts";
import { fromBase62, toBase62 } from "./base62.ts";
import { readObject } from "./signed-object.ts";
import { Signer } from "./signer.ts";

/** How old a signed value may be. */
export interface MaxAgeOption {
  /** Seconds after which the value is refused; no limit where left out. */
  maxAge?: number | undefined;
}

/**
 * A signer that also signs when: a value can be refused when it is too old.
 *
 * ```ts
 * const signer = new TimestampSigner({ salt: "shop.invitation" });
 * signer.unsign(signer.sign("ada"), { maxAge: 3600 });
 * ```
 */
export class TimestampSigner extends Signer {
  protected override get defaultSalt(): string {
    return "django.core.signing.TimestampSigner";
  }

  /** `value:time:signature`. */
  override sign(value: string): string {
    return super.sign(`${value}${this.sep}${toBase62(Math.floor(Date.now() / 1000))}`);
  }

  /** The value, if its signature is right and young enough. @throws KERNEL_BAD_SIGNATURE, KERNEL_SIGNATURE_EXPIRED */
  override unsign(signed: string, { maxAge }: MaxAgeOption = {}): string {
    const timed = super.unsign(signed);
    const at = timed.lastIndexOf(this.sep);
    const made = at < 0 ? Number.NaN : fromBase62(timed.slice(at + this.sep.length));
    if (Number.isNaN(made)) throw kernelErrors.KERNEL_BAD_SIGNATURE({ reason: "it names no time" });
    const age = Date.now() / 1000 - made;
    if (maxAge !== undefined && age > maxAge) throw kernelErrors.KERNEL_SIGNATURE_EXPIRED({ age: Math.floor(age), maxAge });
    return timed.slice(0, at);
  }

  override tryUnsign(signed: string | undefined, options: MaxAgeOption = {}): string | undefined {
    if (signed === undefined) return undefined;
    try {
      return this.unsign(signed, options);
    } catch {
      return undefined;
    }
  }

  /** What was signed by `signObject`. @throws KERNEL_BAD_SIGNATURE, KERNEL_SIGNATURE_EXPIRED */
  override unsignObject<T = unknown>(signed: string, options: MaxAgeOption = {}): T {
    return readObject(this.unsign(signed, options)) as T;
  }
}
