import { createHmac, timingSafeEqual } from "node:crypto";
import { kernelErrors } from "./errors.ts";

/** Signs values so that they can be given to a client and trusted when they come back. */
export class Signer {
  readonly #key: Buffer;

  /** @param salt separates uses, so that a value signed for one is refused for another. */
  constructor(secretKey: string, salt: string) {
    this.#key = createHmac("sha256", secretKey).update(salt).digest();
  }

  /** `value:signature`. */
  sign(value: string): string {
    return `${value}:${this.#signature(value)}`;
  }

  /** The value, if its signature is right. @throws KERNEL_BAD_SIGNATURE */
  unsign(signed: string): string {
    const at = signed.lastIndexOf(":");
    if (at < 0) throw kernelErrors.KERNEL_BAD_SIGNATURE({ reason: "there is none" });
    const value = signed.slice(0, at);
    const given = Buffer.from(signed.slice(at + 1));
    const wanted = Buffer.from(this.#signature(value));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw kernelErrors.KERNEL_BAD_SIGNATURE({ reason: "it does not match the value" });
    }
    return value;
  }

  #signature(value: string): string {
    return createHmac("sha256", this.#key).update(value).digest("base64url");
  }
}
