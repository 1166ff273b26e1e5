import { templatesErrors } from "../errors.ts";

/**
 * The name that `./x.html` or `../x.html` means in a template; other names stay as they are.
 * @throws TEMPLATES_BAD_SYNTAX when it leads out of the templates, or back to the same one where it may not.
 */
export function relativeName(from: string, name: string, mayBeSame: boolean): string {
  if (!name.startsWith("./") && !name.startsWith("../")) return name;
  if (from.startsWith("<"))
    throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: `"${name}" means nothing in a template without a name.` });
  const parts = from.split("/").slice(0, -1);
  for (const part of name.split("/")) {
    if (part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) {
      throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: `"${name}" leads out of the templates, from "${from}".` });
    }
  }
  const meant = parts.join("/");
  if (meant === from && !mayBeSame) {
    throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: `"${name}" means "${meant}", the template in which it stands.` });
  }
  return meant;
}
