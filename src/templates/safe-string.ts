/**
 * Text that is HTML already and is printed as it is.
 *
 * ```ts
 * new SafeString("<b>bold</b>");
 * ```
 */
export class SafeString {
  readonly value: string;

  constructor(value: unknown) {
    this.value = String(value);
  }

  get length(): number {
    return this.value.length;
  }

  toString(): string {
    return this.value;
  }

  toJSON(): string {
    return this.value;
  }

  toHtml(): SafeString {
    return this;
  }
}

/**
 * Marks text as HTML that needs no escaping. Give it only what the program wrote itself.
 *
 * ```ts
 * safe(`<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`);
 * ```
 */
export function safe(text: unknown): SafeString {
  return text instanceof SafeString ? text : new SafeString(text);
}

const special = /[&<>"']/;

/**
 * Escapes the five characters that mean something in HTML.
 *
 * ```ts
 * escapeHtml("<b>"); // "&lt;b&gt;"
 * ```
 */
export function escapeHtml(value: unknown): string {
  if (value instanceof SafeString) return value.value;
  const text = typeof value === "string" ? value : String(value);
  return special.test(text) ? escapeFrom(text, text.search(special)) : text;
}

/** Escapes even what is safe already. */
export function forceEscape(text: string): string {
  return special.test(text) ? escapeFrom(text, text.search(special)) : text;
}

function escapeFrom(text: string, first: number): string {
  let escaped = "";
  let from = 0;
  for (let i = first; i < text.length; i++) {
    const entity = entityOf(text.charCodeAt(i));
    if (entity === undefined) continue;
    escaped += text.slice(from, i) + entity;
    from = i + 1;
  }
  return escaped + text.slice(from);
}

function entityOf(code: number): string | undefined {
  switch (code) {
    case 38:
      return "&amp;";
    case 60:
      return "&lt;";
    case 62:
      return "&gt;";
    case 34:
      return "&quot;";
    case 39:
      return "&#x27;";
    default:
      return undefined;
  }
}
