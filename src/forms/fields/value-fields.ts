import { gettextLazy } from "#kernel/i18n";
import { textarea } from "../widgets/inputs.ts";
import { type Cleaned, Field, type FieldOptions, isEmpty } from "./field.ts";
import { plainText } from "../plain-text.ts";

const invalidUuid = gettextLazy("Enter a valid UUID.");
const invalidJson = gettextLazy("Enter a valid JSON.");
const uuidPattern = /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

class UuidField<T> extends Field<T> {
  constructor(options: FieldOptions = {}) {
    super(options, { invalid: invalidUuid });
  }

  protected override read(raw: unknown): unknown {
    if (isEmpty(raw)) return null;
    const match = uuidPattern.exec(plainText(raw).trim());
    if (match === null) throw this.refusal("invalid", { value: raw });
    return match.slice(1).join("-").toLowerCase();
  }
}

/** Text that could not be read as JSON, shown again as it was typed. */
class UnreadableJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

class JsonField<T> extends Field<T> {
  constructor(options: FieldOptions = {}) {
    super({ ...options, widget: options.widget ?? textarea }, { invalid: invalidJson });
  }

  protected override read(raw: unknown): unknown {
    if (raw === null || raw === undefined || raw === "") return null;
    if (typeof raw !== "string" || this.disabled) return raw;
    try {
      return parseJson(raw);
    } catch {
      throw this.refusal("invalid", { value: raw });
    }
  }

  /** `0`, `false`, `[]` and `{}` are answers; JSON's null is none. */
  protected override validate(value: unknown): void {
    if (this.required && value === null) throw this.refusal("required");
  }

  override boundValue(submitted: unknown, initial: unknown): unknown {
    if (this.disabled || submitted === null || submitted === undefined) return this.disabled ? initial : null;
    try {
      return parseJson(plainText(submitted));
    } catch {
      return new UnreadableJson(plainText(submitted));
    }
  }

  override prepare(value: unknown): unknown {
    if (value instanceof UnreadableJson) return value.text;
    return value === undefined ? value : spacedJson(value);
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled) return false;
    try {
      return canonical(this.read(initial)) !== canonical(this.read(submitted));
    } catch {
      return true;
    }
  }
}

/** In JSON text: a null character, or half of a pair of surrogates. */
const unkeepable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** What JSON text says. @throws also where databases could not keep it, or where it is nested too deeply to be written again */
function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (unkeepable.test(JSON.stringify(value))) throw new SyntaxError("No database keeps a null character or half a character.");
  return value;
}

/** JSON on one line, with a space after each colon and comma. */
function spacedJson(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(/(,?)\n */g, (_, comma: string) => (comma === "" ? "" : ", "));
}

/** JSON in which the order of an object's keys does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A UUID, written with hyphens in lower case. */
export function uuidField<const O extends FieldOptions>(options?: O): Field<Cleaned<string, null, O>> {
  return new UuidField(options);
}

/** Any JSON. */
export function jsonField<T = unknown>(options?: FieldOptions): Field<T> {
  return new JsonField<T>(options);
}
