export { constantTimeCompare } from "./constant-time-compare.ts";
export { dumps, loads } from "./dumps.ts";
export { randomString } from "./random-string.ts";
export { saltedHmac, type SaltedHmacOptions } from "./salted-hmac.ts";
export { useSecretKeys } from "./secret-keys.ts";
export type { ObjectOptions } from "./signed-object.ts";
export { Signer, type SignerOptions } from "./signer.ts";
export { type MaxAgeOption, TimestampSigner } from "./timestamp-signer.ts";
