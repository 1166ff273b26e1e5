import { timingSafeEqual } from "node:crypto";

/** Whether two texts are equal, in a time that does not tell where they differ. Texts of different lengths are told apart at once. */
export function constantTimeCompare(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const [left, right] = [Buffer.from(a as string), Buffer.from(b as string)];
  return left.length === right.length && timingSafeEqual(left, right);
}
