import { defineProject, env } from "cortado";
import { admin } from "cortado/admin";
import { auth } from "cortado/auth";
import { registry } from "cortado/registry";
import accounts from "./accounts/app.ts";
import { User } from "./accounts/models.ts";
import { urls } from "./urls.ts";

export default defineProject({
  apps: [auth({ user: User }), registry(), admin({ title: "{{name}}" }), accounts],
  urls,
  database: env("DATABASE_URL", "sqlite:db.sqlite3"), // postgres://user@host/db
  storage: env("STORAGE_URL", "file:var/storage"),
  secretKey: env("SECRET_KEY", { development: "dev-only" }),
  allowedHosts: env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"]),
});
