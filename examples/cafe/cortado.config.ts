import { defineProject, env } from "cortado";
import { admin } from "cortado/admin";
import { auth } from "cortado/auth";
import { registry } from "cortado/registry";
import accounts from "./accounts/app.ts";
import { User } from "./accounts/models.ts";
import digits from "./digits/app.ts";
import homepage from "./homepage/app.ts";
import penguins from "./penguins/app.ts";
import { urls } from "./urls.ts";

export default defineProject({
  apps: [auth({ user: User }), registry(), admin({ title: "Cafe" }), accounts, homepage, penguins, digits],
  urls,
  languages: { en: "English", ko: "Korean" },
  localePaths: ["locale"],
  database: env("DATABASE_URL", "sqlite:cafe.sqlite3"),
  storage: env("STORAGE_URL", "file:var/storage"),
  secretKey: env("SECRET_KEY", { development: "dev-only" }),
  allowedHosts: env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"]),
});
