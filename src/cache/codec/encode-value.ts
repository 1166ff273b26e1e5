import { isDecimal } from "#validation";
import { cacheErrors } from "../errors.ts";

/*
 * How it works. A kept value is a text, so that every backend can hold it and none can run it:
 *   42            a whole number, bare, so that a server can increment it
 *   sText         a text
 *   j{"a":1}      what JSON holds as it is
 *   t{"$":"date"} JSON in which an object with "$" stands for a value that JSON lacks
 * Reading makes new values of known kinds only. Nothing in the text names a class or code of the reader.
 */

const deepest = 400;

/** What a value is, where JSON has no word for it. */
interface Tagged {
  $: string;
  v?: unknown;
}

/** The text of a value. @throws CACHE_BAD_VALUE */
export function encodeValue(key: string, value: unknown): string {
  if (typeof value === "string" && value.isWellFormed() && !value.includes("\0")) return `s${value}`;
  if (typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  const encoder = new Encoder(key);
  const plain = encoder.plain(value, "it", 0);
  return (encoder.tagged ? "t" : "j") + JSON.stringify(plain);
}

class Encoder {
  tagged = false;
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  plain(value: unknown, path: string, depth: number): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : this.#tag("number", Object.is(value, -0) ? "-0" : String(value));
      case "undefined":
        return this.#tag("undefined");
      case "bigint":
        return this.#tag("bigint", String(value));
      case "object":
        if (depth > deepest) throw this.#refuse(path.slice(0, 60), "is nested too deeply, or refers to itself");
        return value === null ? null : this.#object(value, path, depth + 1);
      default:
        throw this.#refuse(path, `is a ${typeof value}`);
    }
  }

  #object(value: object, path: string, depth: number): unknown {
    if (Array.isArray(value)) return Array.from(value, (each, index) => this.plain(each, `${path}[${index}]`, depth));
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#plainObject(value, path, depth);
    if (value instanceof Date) return this.#tag("date", Number.isNaN(value.getTime()) ? null : value.getTime());
    if (value instanceof Map)
      return this.#tag(
        "map",
        Array.from(value, ([name, each]) => [
          this.plain(name, `a key of ${path}`, depth),
          this.plain(each, `${path}.get(${String(name)})`, depth),
        ]),
      );
    if (value instanceof Set)
      return this.#tag(
        "set",
        [...value].map((each) => this.plain(each, `a member of ${path}`, depth)),
      );
    if (ArrayBuffer.isView(value)) return this.#bytes(value);
    return this.#byTag(value, path);
  }

  #plainObject(value: object, path: string, depth: number): unknown {
    const entries = Object.entries(value).map(([name, each]) => [name, this.plain(each, `${path}.${name}`, depth)] as const);
    // An object of the project's own that has "$" must not read as a tag.
    return Object.hasOwn(value, "$") ? this.#tag("object", entries) : Object.fromEntries(entries);
  }

  #bytes(view: ArrayBufferView): Tagged {
    const text = Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64");
    return this.#tag(Buffer.isBuffer(view) ? "Buffer" : (view.constructor as { name: string }).name, text);
  }

  /** Values of days, times and decimals, as rows hold them. */
  #byTag(value: object, path: string): Tagged {
    if (isDecimal(value)) return this.#tag("decimal", value.toString());
    const kind = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
    if (typeof kind === "string" && kind.startsWith("Temporal.")) return this.#tag(kind, String(value));
    const { name } = value.constructor as { name?: string };
    throw this.#refuse(path, `is a ${name || "value of a class without a name"}`);
  }

  #tag(kind: string, v?: unknown): Tagged {
    this.tagged = true;
    return { $: kind, v };
  }

  #refuse(path: string, problem: string): Error {
    return cacheErrors.CACHE_BAD_VALUE({ key: this.#key, path, problem });
  }
}
