import type { HttpRequest } from "#http";

/** What a user may, as templates ask it: `perms.shop.change_coffee`, `"shop.change_coffee" in perms`. */
export type ShownPermissions = Readonly<Record<string, unknown>>;

const nothing: ShownPermissions = Object.freeze({});

/** Has every name. What tells a promise from other values is no name. */
function everything(inner: unknown): ShownPermissions {
  const isName = (name: string | symbol) => typeof name === "string" && name !== "then";
  return new Proxy<Record<string, unknown>>(
    { all: inner },
    {
      has: (_, name) => isName(name),
      get: (_, name) => (isName(name) ? inner : undefined),
      getOwnPropertyDescriptor: (_, name) =>
        isName(name) ? { value: inner, configurable: true, enumerable: true, writable: true } : undefined,
    },
  );
}

const all = everything(everything(true));

/** The permissions of the user of a request; the database is asked where a template asks. */
export async function shownPermissions({ user }: HttpRequest): Promise<ShownPermissions> {
  if (!user.isActive) return nothing;
  if (user.isSuperuser) return all;
  const codenames = [...(await user.permissions())];
  const apps = Map.groupBy(codenames, (codename) => codename.split(".", 1)[0]!);
  const byApp = [...apps].map(([app, names]) => [app, Object.fromEntries(names.map((name) => [name.slice(app.length + 1), true]))] as const); // oxfmt-ignore
  return Object.fromEntries([...byApp, ...codenames.map((codename) => [codename, true] as const)]);
}
