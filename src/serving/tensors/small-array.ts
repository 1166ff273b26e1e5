import { markAsUntransferable } from "node:worker_threads";

/** Bytes of a piece of memory that small arrays share, and of the largest of them. */
const SLAB = 256 * 1024;
const LARGEST = 8 * 1024;

interface Numbers {
  readonly BYTES_PER_ELEMENT: number;
}

interface NumberArray<T> extends Numbers {
  new (length: number): T;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}

let slab = new ArrayBuffer(0);
let used = 0;

/**
 * An array that is about to be filled, whose elements are anything until then. Small ones lie in one piece of memory with others:
 * with memory of its own, an array of a few hundred numbers takes more than twice as long to make and fill.
 */
export function arrayToFill<T extends Numbers>(array: NumberArray<T>, length: number): T {
  const size = length * array.BYTES_PER_ELEMENT;
  if (size > LARGEST) return new array(length);
  if (used + size > slab.byteLength) startSlab();
  const at = used;
  // Every type may begin where eight bytes do.
  used += (size + 7) & ~7;
  return new array(slab, at, length);
}

/** Memory that is not set to zero, and that nobody can give away with one of its arrays. */
function startSlab(): void {
  slab = Buffer.allocUnsafeSlow(SLAB).buffer as ArrayBuffer;
  markAsUntransferable(slab);
  used = 0;
}
