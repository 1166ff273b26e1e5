import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Project } from "cortado";
import { storageDirectory } from "cortado/storage";

export interface Credentials {
  password: string;
  token: string;
}

/** The superuser's password and the API token: from the environment, else those of the last start, else new ones. Kept beside the storage. */
export function demoCredentials({ storage, root }: Project): Credentials {
  const folder = dirname(storageDirectory(storage, root));
  const file = join(folder, "demo-credentials.json");
  const kept: Partial<Credentials> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const credentials = {
    password: process.env["DEMO_ADMIN_PASSWORD"] ?? kept.password ?? randomBytes(9).toString("base64url"),
    token: process.env["DEMO_API_TOKEN"] ?? kept.token ?? `cafe_${randomBytes(24).toString("base64url")}`,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}
