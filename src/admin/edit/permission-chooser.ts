import { Permission } from "#auth";
import { escapeHtml, safe, type SafeString } from "#templates";
import { knownModel } from "../known-model.ts";
import { capitalise } from "../words.ts";

/** Permissions as check boxes, grouped by what they are about. */
export async function permissionChooser(name: string, chosen: readonly unknown[]): Promise<SafeString> {
  const all: Permission[] = await Permission.objects.all();
  const picked = new Set(chosen.map(String));
  const groups = Map.groupBy(
    all,
    ({ app, subject }) => `${capitalise(app)} · ${knownModel(`${app}.${subject}`)?.meta.verboseName ?? subject}`,
  );
  const parts = [...groups].map(([label, permissions]) => {
    const boxes = permissions.map((permission) => box(name, permission, picked.has(String(permission.pk))));
    return `<fieldset><legend>${escapeHtml(label)}</legend>${boxes.join("")}</fieldset>`;
  });
  return safe(`<div class="permission-groups">${parts.join("")}</div>`);
}

function box(name: string, permission: Permission, checked: boolean): string {
  const { pk, codename } = permission;
  const label = `<span title="${escapeHtml(codename)}">${escapeHtml(permission.name)}</span>`;
  return `<label><input type="checkbox" name="${escapeHtml(name)}" value="${escapeHtml(String(pk))}"${checked ? " checked" : ""}> ${label}</label>`;
}
