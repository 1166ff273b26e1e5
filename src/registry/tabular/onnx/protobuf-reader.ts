const decoder = new TextDecoder("utf-8", { fatal: true });

/** A message's fields by number, each with its values in file order: integers as numbers, the rest as bytes. */
export class ProtobufMessage {
  readonly #fields = new Map<number, (number | Uint8Array)[]>();

  /** @throws RangeError where the bytes end too early or use a wire type that ONNX does not. */
  constructor(bytes: Uint8Array) {
    const cursor = new Cursor(bytes);
    while (!cursor.atEnd) {
      const tag = cursor.varint();
      const field = Math.floor(tag / 8);
      const values = this.#fields.get(field);
      const value = cursor.value(tag % 8);
      if (values) values.push(value);
      else this.#fields.set(field, [value]);
    }
  }

  integer(field: number): number | undefined {
    const value = this.#fields.get(field)?.at(-1);
    return typeof value === "number" ? value : undefined;
  }

  text(field: number): string {
    const value = this.#fields.get(field)?.at(-1);
    return value instanceof Uint8Array ? decoder.decode(value) : "";
  }

  bytes(field: number): Uint8Array | undefined {
    const value = this.#fields.get(field)?.at(-1);
    return value instanceof Uint8Array ? value : undefined;
  }

  message(field: number): ProtobufMessage | undefined {
    const bytes = this.bytes(field);
    return bytes && new ProtobufMessage(bytes);
  }

  messages(field: number): ProtobufMessage[] {
    return this.#all(field).map((bytes) => new ProtobufMessage(bytes));
  }

  texts(field: number): string[] {
    return this.#all(field).map((bytes) => decoder.decode(bytes));
  }

  /** A list of integers, packed or not. */
  integers(field: number): number[] {
    return (this.#fields.get(field) ?? []).flatMap((value) => {
      if (typeof value === "number") return [value];
      const cursor = new Cursor(value);
      const values: number[] = [];
      while (!cursor.atEnd) values.push(cursor.varint());
      return values;
    });
  }

  #all(field: number): Uint8Array[] {
    return (this.#fields.get(field) ?? []).filter((value) => value instanceof Uint8Array);
  }
}

class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(wire: number): number | Uint8Array {
    if (wire === 0) return this.varint();
    if (wire === 1) return this.#take(8);
    if (wire === 2) return this.#take(this.varint());
    if (wire === 5) return this.#take(4);
    throw new RangeError(`wire type ${wire} at byte ${this.#at} is not one of protobuf's`);
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 63; factor *= 0x80) {
      const byte = this.#take(1)[0]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`the integer before byte ${this.#at} has no end`);
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError(`${length} bytes are wanted at byte ${this.#at} of ${this.#bytes.length}`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
