import { templatesErrors } from "../errors.ts";
import { SafeString } from "../safe-string.ts";
import { dateAttribute, textAttribute } from "./python-attributes.ts";

/** What a getter gives when its owner must be awaited first. */
export const WAIT = Symbol("wait");

/** Names that lead from a value to the machinery behind it. */
const unreachable = new Set(["constructor", "prototype", "__proto__"]);

/** Keys whose value an object's own property does not settle: a Map's `size` may be an entry. */
export function isPlainKey(key: string): boolean {
  return !unreachable.has(key) && key !== "size" && key !== "length" && !/^\d+$/.test(key);
}

const machinery = [Object, Function, Array, Map, Set, Promise].map((built) => built.prototype as object);
/** Names of built-in methods that change what they are called on, or lead elsewhere. */
const refusedNames = new Set(machinery.flatMap((prototype) => Object.getOwnPropertyNames(prototype)));
refusedNames.delete("toString");
/** Those methods. */
const refused: ReadonlySet<unknown> = new Set(
  machinery.flatMap((prototype) =>
    [...refusedNames]
      .map((name) => Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown)
      .filter((value) => typeof value === "function"),
  ),
);

/** Methods that change data by their name, marked or not. */
const altering = /^(save|delete|update|create|remove|clear|destroy|refresh|(bulk|getOr|updateOr)[A-Z]\w*)$/;

/** `is_ice` → `isIce`. */
export function camelCase(name: string): string {
  return name.includes("_") ? name.replace(/_+([\p{L}\p{N}])/gu, (_, letter: string) => letter.toUpperCase()) : name;
}

/** Whether a value must be awaited before it is used. */
export function isPending(value: object | null): boolean {
  if (value === null || Array.isArray(value)) return false;
  return typeof (value as PromiseLike<unknown>).then === "function" || Symbol.asyncIterator in value;
}

/**
 * `owner.key` as templates mean it; undefined when there is none; WAIT when the owner is a promise. Compiled templates
 * know the key's `camel` form already.
 */
export function member(owner: unknown, key: string, camel = camelCase(key)): unknown {
  if (owner === null || owner === undefined || unreachable.has(key)) return undefined;
  if (typeof owner === "string") return characterOf(owner, key);
  if (owner instanceof SafeString) return characterOf(owner.value, key);
  if (typeof owner !== "object" && typeof owner !== "function") return undefined;
  if (owner instanceof Map) return entryOf(owner, key, camel);
  const name = keyIn(owner, key, camel);
  if (isPending(owner) && (name === undefined || !hasAttributes(owner))) return WAIT;
  if (name === undefined) return viewOf(owner, key);
  try {
    const value = (owner as Record<string, unknown>)[name];
    return typeof value === "function" ? called(owner, value, name) : value;
  } catch (error) {
    return unlessSilent(error);
  }
}

function keyIn(owner: object, key: string, camel: string): string | undefined {
  if (key in owner && !isRefused(owner, key)) return key;
  return camel !== key && !unreachable.has(camel) && camel in owner ? camel : undefined;
}

/** A getter is not asked here: its answer may be another the next time, or cost a query. */
function isRefused(owner: object, key: string): boolean {
  return refusedNames.has(key) && !Object.hasOwn(owner, key) && refused.has((owner as Record<string, unknown>)[key]);
}

/** Whether an object has its values under its names: a Map has entries, HTML is a text, a promise is awaited first. */
export function hasAttributes(owner: object): boolean {
  if (owner instanceof Map || owner instanceof SafeString) return false;
  return typeof (owner as PromiseLike<unknown>).then !== "function" || Symbol.asyncIterator in owner;
}

function characterOf(text: string, key: string): unknown {
  if (key === "length") return text.length;
  return /^\d+$/.test(key) ? [...text][Number(key)] : textAttribute(text, key);
}

function entryOf(map: Map<unknown, unknown>, key: string, camel: string): unknown {
  for (const candidate of [key, ...(/^\d+$/.test(key) ? [Number(key)] : []), camel]) {
    if (!map.has(candidate)) continue;
    const value = map.get(candidate);
    return typeof value === "function" ? called(map, value, key) : value;
  }
  return key === "size" ? map.size : viewOf(map, key);
}

/** What Python calls otherwise: the views of a dictionary, for plain objects and maps, and the parts of a moment. */
function viewOf(owner: object, key: string): unknown {
  if (Array.isArray(owner)) return undefined;
  if (owner instanceof Date) return dateAttribute(owner, key);
  if (key === "items") return owner instanceof Map ? [...owner] : Object.entries(owner);
  if (key === "keys") return owner instanceof Map ? [...owner.keys()] : Object.keys(owner);
  if (key === "values") return owner instanceof Map ? [...owner.values()] : Object.values(owner);
  const { toList } = owner as { toList?: () => ArrayLike<unknown> | Promise<ArrayLike<unknown>> };
  return typeof toList === "function" && /^\d+$/.test(key) ? partAt(toList.call(owner), Number(key)) : undefined;
}

/** One of the parts that `{% for %}` would go through. */
function partAt(parts: ArrayLike<unknown> | Promise<ArrayLike<unknown>>, at: number): unknown {
  return parts instanceof Promise ? parts.then((ready) => ready[at]) : parts[at];
}

/** Calls a function met in a look-up when it can be called without arguments and changes nothing; `name` is what the owner calls it. */
export function called(owner: unknown, value: unknown, name: string): unknown {
  const method = value as { (): unknown; altersData?: boolean; doNotCallInTemplates?: boolean };
  if (method.doNotCallInTemplates === true || isClass(method)) return method;
  if (method.altersData === true || refused.has(method)) return undefined;
  if (method.length > 0 || altering.test(name)) return undefined;
  try {
    return method.call(owner as undefined);
  } catch (error) {
    return unlessSilent(error);
  }
}

function isClass(value: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  return prototype !== undefined && prototype.writable === false;
}

/** Errors that say "there is none" are as good as a missing value. */
export function unlessSilent(error: unknown): undefined {
  if ((error as { silentVariableFailure?: unknown } | undefined)?.silentVariableFailure === true) return undefined;
  throw error;
}

/** A filter's argument, which must be there. @throws TEMPLATES_MISSING_NAME */
export function present(value: unknown, name: string): unknown {
  if (value === undefined) throw templatesErrors.TEMPLATES_MISSING_NAME({ name });
  return value;
}

/** A path of names followed on a value at once, for `dictsort` and `regroup`; undefined where it ends. */
export function follow(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    current = member(current, key);
    if (current === WAIT)
      throw templatesErrors.TEMPLATES_BAD_VALUE({
        problem: `"${path.join(".")}" passes through a value that is not loaded yet.`,
      });
  }
  return current;
}
