import { Permission } from "./models.ts";

/** What `hasPermission` asks of a user. */
export interface PermissionHolder {
  readonly pk: unknown;
  readonly isActive: boolean;
  readonly isSuperuser: boolean;
}

/** A user object lives for one request, and so do its permissions. */
const cache = new WeakMap<object, Promise<ReadonlySet<string>>>();

/** The codenames that a user has, alone and through groups; read once for each user object. */
export function permissionsOf(user: PermissionHolder): Promise<ReadonlySet<string>> {
  let found = cache.get(user);
  if (found === undefined) cache.set(user, (found = loadPermissions(user.pk)));
  return found;
}

/** Whether a user may: superusers everything, inactive users nothing, others what they and their groups were given. */
export async function holdsPermission(user: PermissionHolder, codename: string): Promise<boolean> {
  if (!user.isActive) return false;
  return user.isSuperuser || (await permissionsOf(user)).has(codename);
}

/** Makes the next question read the database again. */
export function forgetPermissions(user: object): void {
  cache.delete(user);
}

async function loadPermissions(user: unknown): Promise<ReadonlySet<string>> {
  // Names of the other side of a relation (relatedName) are not known to the types.
  const own = await Permission.objects.filter({ users: { pk: user } } as never);
  const shared = await Permission.objects.filter({ groups: { users: { pk: user } } } as never);
  return new Set([...own, ...shared].map((permission) => permission.codename));
}
