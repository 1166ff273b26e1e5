import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

export interface Credentials {
  password: string;
  token: string;
}

const file = "var/demo-credentials.json";

/** The superuser's password and the API token: from the environment, else those of the last start, else new ones. */
export function demoCredentials(): Credentials {
  const kept: Partial<Credentials> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const credentials = {
    password: process.env["DEMO_ADMIN_PASSWORD"] ?? kept.password ?? randomBytes(9).toString("base64url"),
    token: process.env["DEMO_API_TOKEN"] ?? kept.token ?? `cafe_${randomBytes(24).toString("base64url")}`,
  };
  mkdirSync("var", { recursive: true });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}
