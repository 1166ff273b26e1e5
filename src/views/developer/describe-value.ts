/*
 * How it works. Values are shown to a developer as short texts: a few levels, a few items, a few hundred characters. Nothing
 * of them is run: getters are not called, promises and QuerySets not awaited. What is secret by its name stays hidden at
 * every level, and so do passwords inside addresses.
 */
import { SafeString } from "#templates";

const hidden = "••••••";
const mostItems = 8;
const mostText = 120;
const mostWhole = 600;
const mostLevels = 2;

/** Names of what is secret, wherever it stands; an author, a keyboard and a passenger are none. */
const secretNames =
  /pass(?:word|phrase|wd|code)|token|secret|key(?!board|word)|csrf|session|auth(?!or(?!iz))|cookie|credential|signature|nonce|private|bearer|jwt/i;
/** Whole words of names that are secret. */
const secretWords = /(?:^|[_-])(?:pass|pwd|pin|otp|totp|sid|sk)(?:$|[_-])/i;

function isSecretName(name: string): boolean {
  return secretNames.test(name) || secretWords.test(name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, "_"));
}

/** Shows values, and hides those whose names say that they are secret. */
export class ValueText {
  readonly #own: readonly string[];

  /** @param sensitiveNames parts of names that are secret beside the usual ones: `["iban"]` */
  constructor(sensitiveNames: readonly string[] = []) {
    this.#own = sensitiveNames.map((name) => name.toLowerCase());
  }

  isSecret(name: string): boolean {
    const small = name.toLowerCase().replaceAll(/[-_\s]/g, "");
    return isSecretName(name) || this.#own.some((own) => small.includes(own.replaceAll(/[-_\s]/g, "")));
  }

  /** A value by its name, as a short text. It never throws. */
  of(name: string, value: unknown): string {
    if (this.isSecret(name) && typeof value !== "function" && typeof value !== "boolean") return hidden;
    try {
      return cut(this.#show(value, mostLevels, new Set()), mostWhole);
    } catch {
      return "(cannot be shown)";
    }
  }

  #show(value: unknown, levels: number, around: Set<object>): string {
    if (typeof value === "string") return quote(value);
    if (typeof value === "function") return `(function ${nameOf(value) || "without a name"})`;
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null) return String(value);
    if (around.has(value)) return "(circular)";
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "(no date)" : value.toISOString();
    if (value instanceof SafeString) return `safe ${quote(value.value)}`;
    if (value instanceof Error) return cut(`${value.name}: ${maskSecrets(value.message)}`, mostText);
    around.add(value);
    const text = this.#showObject(value, levels, around);
    around.delete(value);
    return text;
  }

  #showObject(value: object, levels: number, around: Set<object>): string {
    const inner = (name: string, one: unknown) =>
      this.isSecret(name) && typeof one !== "boolean" ? hidden : this.#show(one, levels - 1, around);
    if (Array.isArray(value)) {
      if (levels === 0) return `(a list of ${value.length})`;
      return `[${listed(
        value.slice(0, mostItems).map((one) => inner("", one)),
        value.length,
      )}]`;
    }
    const kind = kindOf(value);
    if (value instanceof Map || value instanceof Set) return `${kind} of ${value.size}`;
    if (isWaiting(value)) return `(${kind}, not awaited)`;
    if (levels === 0) return `(${kind})`;
    const { names, more } = ownNames(value);
    const parts = names.map((name) => {
      const property = Object.getOwnPropertyDescriptor(value, name)!;
      return `${name}: ${"value" in property ? inner(name, property.value) : "(getter)"}`;
    });
    return `${kind === "Object" ? "" : `${kind} `}{ ${listed(parts, parts.length + more)} }`;
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
}

/** Longer texts are not searched to their end. */
const mostMasked = 4000;

/** A text without the secrets that stand in it: passwords of addresses, parameters with secret names, what follows `Bearer`. */
export function maskSecrets(text: string): string {
  return text
    .slice(0, mostMasked)
    .replaceAll(/(\w:\/\/[^\s:/?#@]*):[^\s?#]*@/g, `$1:${hidden}@`)
    .replaceAll(/(?<=[?&;\s]|^)([\w.-]{1,60})=([^&;\s"']+)/g, (whole, name: string) =>
      isSecretName(name) ? `${name}=${hidden}` : whole,
    )
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi, `$1 ${hidden}`);
}

function quote(text: string): string {
  const masked = text.length > mostText ? maskSecrets(text).slice(0, mostText) : maskSecrets(text);
  return `${JSON.stringify(masked)}${text.length > mostText ? `… (${text.length} characters)` : ""}`;
}

function listed(parts: readonly string[], all: number): string {
  return [...parts, ...(all > parts.length ? [`… ${all - parts.length} more`] : [])].join(", ");
}

function kindOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const made = prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof made === "function" ? nameOf(made) || "Object" : "Object";
}

function nameOf(value: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(value, "name")?.value;
  return typeof name === "string" ? cut(name, 60) : "";
}

/** A promise or a QuerySet: to look at it would run it. */
function isWaiting(value: object): boolean {
  for (let at: object | null = value; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null)
    if (Object.hasOwn(at, "then") || Object.hasOwn(at, Symbol.asyncIterator)) return true;
  return false;
}

function ownNames(value: object): { names: string[]; more: number } {
  const all = Object.keys(value);
  return { names: all.slice(0, mostItems), more: Math.max(0, all.length - mostItems) };
}
