/** What fills a place up to the next multiple of eight bytes, where every type may begin. */
export function padding(length: number): Uint8Array {
  return ZEROS.subarray(0, -length & 7);
}

const ZEROS = new Uint8Array(8);

/** A length with its padding. */
export function padded(length: number): number {
  return length + (-length & 7);
}
