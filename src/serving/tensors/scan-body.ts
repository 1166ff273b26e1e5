import { isUtf8 } from "node:buffer";
import type { Signature, TensorSpec } from "./signature.ts";
import { irregular, NumberScanner } from "./number-scanner.ts";
import { MOST_LEVELS } from "./structure-problem.ts";
import { canScan, scanElements, scanNested } from "./scan-tensor.ts";

/*
 * How it works: the text of a prediction is walked over once. What is to become a tensor is read as one where it stands, when
 * its name and shape are known by then; else it is stepped over and read when they are. All the rest, which is short, is left
 * to JSON.parse. The result is what JSON.parse would give, with tensors in the place of their arrays, and is checked like it.
 */

const [QUOTE, COMMA, COLON, OPEN, BACKSLASH, CLOSE, OPEN_BRACE, CLOSE_BRACE] = [34, 44, 58, 91, 92, 93, 123, 125];

/** A body as an object, or undefined where it is not as expected and JSON.parse has to say what it is. */
type Scanned = Record<string, unknown> | undefined;

/** Reads the JSON of an inference request: the `data` of its inputs become tensors. */
export function scanInferBody(bytes: Buffer, signature: Signature): Scanned {
  return regular(bytes, (walker) => walker.object((key) => (key === "inputs" ? inputs(walker, signature) : walker.parsed())));
}

/** Reads `{"input": {…}}` and `{"inputs": […]}`: the values of items become tensors, without the first dimension where that may vary. */
export function scanItemsBody(bytes: Buffer, signature: Signature): Scanned {
  const item = (walker: Walker) => walker.object((name) => itemValue(walker, findSpec(signature, name)));
  return regular(bytes, (walker) =>
    walker.object((key) => {
      if (key === "input") return item(walker);
      return key === "inputs" ? walker.array(() => item(walker)) : walker.parsed();
    }),
  );
}

function regular(bytes: Buffer, read: (walker: Walker) => Record<string, unknown>): Scanned {
  if (!isUtf8(bytes)) return undefined;
  const walker = new Walker(bytes);
  try {
    const body = read(walker);
    return walker.peek() === undefined ? body : undefined;
  } catch (error) {
    if (error === irregular || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function findSpec({ inputs: specs }: Signature, name: unknown): TensorSpec | undefined {
  return specs.find((each) => each.name === name && canScan(each.datatype));
}

function itemValue(walker: Walker, spec: TensorSpec | undefined): unknown {
  if (spec === undefined) return walker.parsed();
  return scanNested(walker, spec.datatype, spec.shape[0] === -1 ? spec.shape.slice(1) : spec.shape);
}

function inputs(walker: Walker, signature: Signature): unknown[] {
  return walker.array(() => {
    let later: number | undefined;
    const input = walker.object((key, known) => {
      if (key !== "data") return walker.parsed();
      const tensor = dataOf(walker, known, signature);
      if (tensor === undefined) later = walker.at;
      return tensor ?? walker.skip();
    });
    if (later === undefined) return input;
    const end = walker.at;
    walker.at = later;
    input["data"] = dataOf(walker, input, signature) ?? walker.parsed();
    walker.at = end;
    return input;
  });
}

/** The tensor of an input whose name and shape are known. */
function dataOf(walker: Walker, { name, shape }: Record<string, unknown>, signature: Signature): unknown {
  const spec = findSpec(signature, name);
  const usable = Array.isArray(shape) && shape.length <= 16 && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  return spec && usable ? scanElements(walker, spec.datatype, shape as number[]) : undefined;
}

/** Walks over objects and arrays, giving their members to whoever reads them. */
class Walker extends NumberScanner {
  object(read: (key: string, known: Record<string, unknown>) => unknown): Record<string, unknown> {
    const made = Object.create(null) as Record<string, unknown>;
    this.#members(OPEN_BRACE, CLOSE_BRACE, () => {
      const key = this.#key();
      this.expect(COLON);
      this.peek();
      made[key] = read(key, made);
    });
    return made;
  }

  array(read: () => unknown): unknown[] {
    const made: unknown[] = [];
    this.#members(OPEN, CLOSE, () => {
      this.peek();
      made.push(read());
    });
    return made;
  }

  /** Any value, by JSON.parse. */
  parsed(): unknown {
    const start = this.at;
    this.skip();
    return JSON.parse(this.bytes.toString("utf8", start, this.at));
  }

  /** Steps over a value, whose brackets are held against one another. */
  skip(): void {
    const { bytes } = this;
    let depth = 0;
    for (this.peek(); ; this.at++) {
      const byte = bytes[this.at];
      if (byte === undefined) throw irregular;
      if (byte === QUOTE) this.at = this.#endOfString();
      else if (byte === OPEN || byte === OPEN_BRACE) {
        if (++depth > MOST_LEVELS) throw irregular;
      } else if (byte === CLOSE || byte === CLOSE_BRACE || byte === COMMA) {
        if (depth === 0) return;
        if (byte !== COMMA) depth--;
      }
    }
  }

  #members(open: number, close: number, read: () => void): void {
    this.expect(open);
    if (this.peek() !== close) {
      read();
      while (this.peek() === COMMA) {
        this.at++;
        read();
      }
    }
    this.expect(close);
  }

  #key(): string {
    if (this.peek() !== QUOTE) throw irregular;
    const start = this.at;
    this.at = this.#endOfString() + 1;
    const key = JSON.parse(this.bytes.toString("utf8", start, this.at)) as string;
    // Never allowed, and refused by name where the body is read again.
    if (key === "__proto__") throw irregular;
    return key;
  }

  /** The quote that ends the string which begins here. */
  #endOfString(): number {
    const { bytes } = this;
    for (let at = this.at + 1; ; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) return at;
      else if (byte === undefined) throw irregular;
    }
  }
}
