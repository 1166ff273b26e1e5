/** Characters that XML 1.0 has no place for: most controls, and halves of pairs. */
// oxlint-disable-next-line no-control-regex -- these are the ones
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as XML: what has a meaning there is escaped, what it has no place for is left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(controls, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The attributes of an element; those without a value are left out. */
export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

const nameOf = /^[\p{L}_][\p{L}\p{N}_.-]*(:[\p{L}_][\p{L}\p{N}_.-]*)?$/u;

/** An element around text, which is escaped, or around other elements. @throws TypeError for a name that is none */
export function element(name: string, attributes: XmlAttributes, content: string | readonly Xml[] = ""): Xml {
  const inner = typeof content === "string" ? escapeXml(content) : content.join("");
  const start = `${named(name)}${attributesText(attributes)}`;
  return new Xml(inner === "" ? `<${start}/>` : `<${start}>${inner}</${name}>`);
}

function attributesText(attributes: XmlAttributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${named(name)}="${escapeXml(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`)
    .join("");
}

function named(name: string): string {
  if (nameOf.test(name)) return name;
  throw new TypeError(`"${name}" is no name of an XML element or attribute.`);
}

/** XML that is escaped already. */
export class Xml {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** The first line of a document. */
export const xmlDeclaration = '<?xml version="1.0" encoding="utf-8"?>\n';
