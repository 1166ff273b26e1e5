import { checkboxInput } from "../widgets/inputs.ts";
import { nullBooleanSelect } from "../widgets/choice-widgets.ts";
import { Field, type FieldOptions } from "./field.ts";
import { plainText } from "../plain-text.ts";

class BooleanField extends Field<boolean> {
  constructor(options: FieldOptions<boolean> = {}) {
    super({ ...options, widget: options.widget ?? checkboxInput });
  }

  protected override read(raw: unknown): boolean {
    // A hidden input and a radio button send text; a box sends nothing at all when it is not ticked.
    if (typeof raw === "string" && ["false", "0"].includes(raw.toLowerCase())) return false;
    return Boolean(raw);
  }

  protected override validate(value: unknown): void {
    if (this.required && value !== true) throw this.refusal("required");
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    return !this.disabled && this.read(initial) !== this.read(submitted);
  }
}

class NullBooleanField extends Field<boolean | null> {
  constructor(options: FieldOptions<boolean | null> = {}) {
    super({ ...options, widget: options.widget ?? nullBooleanSelect });
  }

  protected override read(raw: unknown): boolean | null {
    if (raw === true || raw === false) return raw;
    const text = plainText(raw).toLowerCase();
    if (["true", "1"].includes(text)) return true;
    return ["false", "0"].includes(text) ? false : null;
  }

  /** No answer is an answer here. */
  protected override validate(): void {}
}

/** Yes or no. While `required` it has to be yes: "I accept the terms". */
export function booleanField(options?: FieldOptions<boolean>): Field<boolean> {
  return new BooleanField(options);
}

/** Yes, no or unknown. */
export function nullBooleanField(options?: FieldOptions<boolean | null>): Field<boolean | null> {
  return new NullBooleanField(options);
}
