/** A field of a protobuf message. What it holds is read when it is asked for: a forest has millions of fields. */
export class Field {
  readonly number: number;
  readonly #wire: number;
  readonly #message: Buffer;
  readonly #start: number;
  readonly #from: number;
  readonly #to: number;

  constructor(message: Buffer, key: number, [start, from, to]: readonly [start: number, from: number, to: number]) {
    this.number = Math.floor(key / 8);
    this.#wire = key % 8;
    this.#message = message;
    this.#start = start;
    this.#from = from;
    this.#to = to;
  }

  /** What a length-delimited field holds; undefined for the others. */
  get value(): Buffer | undefined {
    return this.#wire === 2 ? this.#message.subarray(this.#from, this.#to) : undefined;
  }

  /** The number of a varint field. */
  get integer(): bigint | undefined {
    return this.#wire === 0 ? readIntegers(this.#message.subarray(this.#from, this.#to))[0] : undefined;
  }

  /** The field as it was written, its key included. */
  get raw(): Buffer {
    return this.#message.subarray(this.#start, this.#to);
  }
}

/** The fields of a message, in their order. @throws when the bytes are not one */
export function* readFields(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let result = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 63) throw incomplete();
      result += (byte & 127) * scale;
      if (byte < 128) return result;
    }
  };
  while (at < bytes.byteLength) {
    const start = at;
    const key = varint();
    // Longer keys are cut to 32 bits by other readers, who would then see another field than is seen here.
    if (key < 8 || key > 0xffffffff) throw new Error("The file is not an ONNX model.");
    let from = at;
    if (key % 8 === 0) varint();
    else if (key % 8 === 1) at += 8;
    else if (key % 8 === 5) at += 4;
    else if (key % 8 === 2) {
      const length = varint();
      from = at;
      at += length;
    } else throw new Error("The file is not an ONNX model.");
    if (at > bytes.byteLength) throw incomplete();
    yield new Field(bytes, key, [start, from, at]);
  }
}

/** Numbers that are written one after the other. */
export function readIntegers(bytes: Buffer): bigint[] {
  const found: bigint[] = [];
  let [number, shift] = [0n, 0n];
  for (const byte of bytes) {
    number |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte >= 128) continue;
    found.push(BigInt.asIntN(64, number));
    [number, shift] = [0n, 0n];
  }
  return found;
}

function incomplete(): Error {
  return new Error("The file is not a complete ONNX model.");
}

/** A length-delimited field. */
export function writeField(number: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([writeVarint((number << 3) | 2), writeVarint(bytes.byteLength), bytes]);
}

/** A field that holds a number. */
export function writeInteger(number: number, value: number): Buffer {
  return Buffer.concat([writeVarint(number << 3), writeVarint(value)]);
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
