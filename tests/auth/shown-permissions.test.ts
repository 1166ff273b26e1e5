import assert from "node:assert/strict";
import { test } from "node:test";
import { defineProject, type HttpRequest, path } from "cortado";
import { Permission } from "cortado/auth";
import { queryLog } from "cortado/orm";
import { testSite } from "cortado/testing";
import { User } from "../admin/shop/models.ts";
import { project } from "../admin/shop/project.ts";

const page =
  "{{ perms.shop.change_coffee|default:'-' }} {{ perms.shop.delete_coffee|default:'-' }} {% if perms.shop %}shop{% endif %} {% if perms.blog %}blog{% endif %} " +
  "{% if 'shop.change_coffee' in perms %}in{% endif %} {% if 'shop.delete_coffee' in perms %}in{% endif %} {{ STATIC_URL }} {{ MEDIA_URL }}";
const show = async (request: HttpRequest, source: string) => {
  const { renderToString } = await import("cortado/views");
  const { services } = request;
  return renderToString(
    request,
    "perms.html",
    {},
    Object.assign(Object.create(services.templates), {
      render: (_: string, context: Record<string, unknown>) => services.templates.renderString(source, context),
    }),
  );
};
const withPages = defineProject({
  ...project,
  urls: [...project.urls!, path("perms/", (request) => show(request, page)), path("plain/", (request) => show(request, "plain"))],
});

test("templates ask what a user may, and only then the database is asked", async (t) => {
  const site = await testSite(withPages);
  t.after(() => site.close());
  const shown = async () => (await site.get("/perms/")).text;
  assert.equal(await shown(), "- -     /static/ /media/");
  const anna = await User.objects.createUser({ username: "anna", email: "anna@example.com", password: "a long secret" });
  await (anna as any).userPermissions.add(await Permission.objects.get({ codename: "shop.change_coffee" }));
  await site.login(anna);
  assert.equal(await shown(), "True - shop  in  /static/ /media/");
  const asked = async (url: string) => {
    const { queries } = await queryLog(() => site.get(url));
    return queries.filter(({ sql }) => sql.includes("auth_permission")).length;
  };
  assert.deepEqual([await asked("/plain/"), await asked("/perms/")], [0, 2]);
  await site.login(await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a long secret" }));
  assert.equal(await shown(), "True True shop blog in in /static/ /media/");
});
