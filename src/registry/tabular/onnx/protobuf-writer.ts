const encoder = new TextEncoder();

const varintWire = 0;
const bytesWire = 2;
const fourBytesWire = 5;

/** Writes the protobuf wire format: just what an ONNX file needs. */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];

  integer(field: number, value: number): this {
    this.#chunks.push(varint(field * 8 + varintWire), varint(value));
    return this;
  }

  float(field: number, value: number): this {
    this.#chunks.push(varint(field * 8 + fourBytesWire), new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#chunks.push(varint(field * 8 + bytesWire), varint(value.byteLength), value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  message(field: number, write: (message: ProtobufWriter) => void): this {
    const message = new ProtobufWriter();
    write(message);
    return this.bytes(field, message.finish());
  }

  /** A packed list of integers. */
  integers(field: number, values: Iterable<number>): this {
    const bytes: number[] = [];
    for (const value of values) appendVarint(bytes, value);
    return this.bytes(field, Uint8Array.from(bytes));
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  appendVarint(bytes, value);
  return Uint8Array.from(bytes);
}

/** Seven bits a byte, the lowest first; every byte but the last has its top bit set. */
function appendVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
