import { deserialize, serialize } from "node:v8";
import { findDatatype } from "./datatypes.ts";
import { Tensor } from "./tensor.ts";

/** A copy of a value, as bytes. @throws DataCloneError for what cannot be copied, such as functions */
export function copyAsBytes(value: unknown): Buffer {
  return serialize(value);
}

/** The value that was made bytes, whose tensors are tensors again: what is copied loses its class. */
export function valueOfCopy(bytes: Uint8Array): unknown {
  return withTensors(deserialize(bytes), new Set());
}

/** `seen` are the arrays and objects that were gone through: they may be parts of themselves. */
function withTensors(value: unknown, seen: Set<object>): unknown {
  if (!isGroup(value) || seen.has(value)) return value;
  if (isTensor(value)) return new Tensor(value.datatype, value.shape, value.data);
  seen.add(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isGroup(value[i])) value[i] = withTensors(value[i], seen);
  } else {
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) if (isGroup(members[name])) members[name] = withTensors(members[name], seen);
  }
  return value;
}

/** True for arrays and plain objects. */
function isGroup(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function isTensor(value: object): value is Tensor {
  const { datatype, shape, data } = value as Partial<Tensor>;
  const hasParts = typeof datatype === "string" && findDatatype(datatype) === datatype && Array.isArray(shape);
  return hasParts && (Array.isArray(data) || ArrayBuffer.isView(data)) && Object.keys(value).length === 3;
}
