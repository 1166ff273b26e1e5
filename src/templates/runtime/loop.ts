import { templatesErrors } from "../errors.ts";
import { SafeString } from "../safe-string.ts";
import { quotedText } from "./text.ts";

/** What a loop knows of itself: `forloop` in its body. */
export class ForLoop {
  readonly length: number;
  readonly parentloop: unknown;
  /** The turn, from 0; moved by the loop. */
  counter0 = 0;

  constructor(length: number, parent: unknown) {
    this.length = length;
    this.parentloop = parent ?? {};
  }

  get counter(): number {
    return this.counter0 + 1;
  }

  get revcounter(): number {
    return this.length - this.counter0;
  }

  get revcounter0(): number {
    return this.length - this.counter0 - 1;
  }

  get first(): boolean {
    return this.counter0 === 0;
  }

  get last(): boolean {
    return this.counter0 === this.length - 1;
  }

  toString(): string {
    const { counter0, counter, revcounter, revcounter0, first, last, length, parentloop } = this;
    return quotedText({ parentloop, length, counter0, counter, revcounter, revcounter0, first, last });
  }
}

/** What has parts to go through that may have to be awaited, as `toHtml` is for what is printed. */
interface Listed {
  toList(): ArrayLike<unknown> | Promise<ArrayLike<unknown>>;
}

/** What `{% for %}` goes through: nothing for null, characters, keys of a dictionary (entries where two names are bound). */
export function loopItems(value: unknown, names: number): ArrayLike<unknown> | Promise<ArrayLike<unknown>> {
  if (Array.isArray(value)) return value;
  if (value === null || value === undefined) return [];
  if (typeof value === "string") return [...value];
  if (value instanceof SafeString) return [...value.value];
  if (value instanceof Map) return names === 2 ? [...value] : [...value.keys()];
  if (typeof (value as Partial<Listed>).toList === "function") return (value as Listed).toList();
  if (typeof value === "object" && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  if (typeof value === "object") return names === 2 ? Object.entries(value) : Object.keys(value);
  throw templatesErrors.TEMPLATES_BAD_VALUE({ problem: `{% for %} cannot go through ${quotedText(value)}: it is no list.` });
}

/** The values of one turn, one a name. @throws TEMPLATES_BAD_VALUE when their number differs */
export function unpack(item: unknown, names: number): readonly unknown[] {
  const iterable = (typeof item === "object" && item !== null && Symbol.iterator in item) || typeof item === "string";
  const values = iterable ? [...(item as Iterable<unknown>)] : [item];
  if (values.length === names) return values;
  throw templatesErrors.TEMPLATES_BAD_VALUE({
    problem: `{% for %} has ${names} names and was given ${values.length} values to unpack: ${quotedText(item)}.`,
  });
}
