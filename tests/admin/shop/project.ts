import { defineProject, path } from "cortado";
import { admin } from "cortado/admin";
import { auth } from "cortado/auth";
import { registry } from "cortado/registry";
import shop from "./app.ts";
import { User } from "./models.ts";

export { User } from "./models.ts";

/** A small shop with an admin, for tests of pages. */
export const project = defineProject({
  apps: [auth({ user: User }), registry(), admin({ title: "Cafe" }), shop],
  urls: [path("admin/", admin.urls)],
  secretKey: "a secret key for tests that is long enough",
});
