/** The bytes of a frame's length, which stands at its beginning and does not count itself. */
const LENGTH = 4;

/** Puts the pieces that a socket delivers back together, and gives each frame, its length included, when it is whole. */
export class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  #start = Buffer.alloc(0);
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.byteLength > 0) {
      if (this.#frame === undefined) {
        const start = this.#start.byteLength === 0 ? rest : Buffer.concat([this.#start, rest]);
        if (start.byteLength < LENGTH) return void (this.#start = Buffer.from(start));
        this.#start = Buffer.alloc(0);
        // A buffer of its own, so that elements begin where their type may begin.
        this.#frame = Buffer.allocUnsafeSlow(LENGTH + start.readUInt32LE(0));
        this.#filled = 0;
        rest = start;
      }
      rest = this.#fill(this.#frame, rest);
    }
  }

  #fill(frame: Buffer, chunk: Buffer): Buffer {
    const copied = chunk.copy(frame, this.#filled);
    this.#filled += copied;
    if (this.#filled === frame.byteLength) {
      this.#frame = undefined;
      this.#onFrame(frame);
    }
    return chunk.subarray(copied);
  }
}
