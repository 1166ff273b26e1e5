/** A token, and the natural logarithm of its chance. */
export interface TokenChance {
  token: string;
  logprob: number;
  /** Its bytes in UTF-8. Default: those of `token`, and none where that holds a part of a character. */
  bytes?: readonly number[] | null;
  /** The likeliest tokens in its place, the likeliest first. */
  top?: readonly TokenChance[];
}
