import { csrfFieldName } from "#http";

/** What a test fills in: a text, a number, a box that is ticked or not, a file, several of them. */
export type SubmitValue = string | number | boolean | File | readonly (string | number | File)[];

const token = new RegExp(`name="${csrfFieldName}" value="[^"]+"`);

/**
 * The hidden inputs of the form of a page: the one that has an input of one of these names, else the first with a CSRF token.
 * Undefined where no form has one.
 */
export function hiddenInputs(page: string, names: readonly string[]): Record<string, string[]> | undefined {
  const forms = [...page.matchAll(/<form\b[^]*?<\/form\s*>/gi)].map(([form]) => form).filter((form) => token.test(form));
  const form = forms.find((each) => names.some((name) => each.includes(`name="${name}"`))) ?? forms[0];
  if (form === undefined && !token.test(page)) return undefined;
  const hidden: Record<string, string[]> = {};
  for (const [input] of (form ?? page).matchAll(/<input\b[^>]*\btype="hidden"[^>]*>/gi)) {
    const name = attribute(input, "name");
    if (name !== undefined) (hidden[name] ??= []).push(attribute(input, "value") ?? "");
  }
  return hidden;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value?.replace(/&(lt|gt|quot|#39|#x27|amp);/g, (_, entity: string) => characters[entity]!);
}

const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", amp: "&" };

/** The body of a form: as a browser sends it, with files or without. */
export async function formBody(values: Readonly<Record<string, SubmitValue>>): Promise<{ type: string; body: Buffer }> {
  const fields = Object.entries(values).flatMap(([name, value]) => {
    if (typeof value === "boolean") return value ? [[name, "on"] as const] : [];
    return [value].flat().map((each) => [name, each instanceof File ? each : String(each)] as const);
  });
  const hasFiles = fields.some(([, value]) => value instanceof File);
  const form = hasFiles ? new FormData() : new URLSearchParams();
  for (const [name, value] of fields) form.append(name, value as string);
  const request = new Response(form);
  return { type: request.headers.get("content-type")!, body: Buffer.from(await request.arrayBuffer()) };
}
