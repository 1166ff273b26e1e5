import type { Render } from "./render.ts";

/** What is of one request and nobody else's: a form's token, the nonce of a policy, what is said once. */
const personal = ["csrf_token", "csp_nonce", "messages"];

/** Notes which of these a render asks for, where they are functions, as those of a request are. */
export function watchPersonal(render: Render): readonly string[] {
  const asked: string[] = [];
  const { context } = render;
  const names = personal.filter((name) => Object.hasOwn(context, name));
  if (names.length === 0) return asked;
  const properties = Object.getOwnPropertyDescriptors(context);
  for (const name of names) {
    const { value } = properties[name]! as { value?: unknown };
    if (typeof value !== "function") continue;
    properties[name]!.value = (): unknown => {
      asked.push(name);
      return (value as () => unknown)();
    };
  }
  render.context = Object.create(Object.getPrototypeOf(context) as object | null, properties) as Record<string, unknown>;
  return asked;
}
