import { createHash } from "node:crypto";
import { importOptional } from "#kernel";

/** What is used of the package: it works on pieces, so that the server goes on answering. */
interface Bcrypt {
  compare(password: string, hash: string): Promise<boolean>;
}

/** Named apart from the import, whose types only those have who installed the package. */
const packageName: string = "bcryptjs";

async function compare(password: string, hash: string): Promise<boolean> {
  if (!/^\$2[aby]\$(?:0[4-9]|1\d)\$[./A-Za-z0-9]{53}$/.test(hash)) return false;
  const load = async () => (await import(packageName)) as { default: Bcrypt };
  const { default: bcrypt } = await importOptional(packageName, "A password that was hashed with bcrypt", load);
  return bcrypt.compare(password, hash);
}

/** `bcrypt$$2b$12$…`: the password itself, of which bcrypt reads 72 bytes. @throws KERNEL_MISSING_PACKAGE */
export function verifyBcrypt(password: string, parts: readonly string[]): Promise<boolean> {
  return compare(password, parts.join("$"));
}

/** `bcrypt_sha256$$2b$12$…`: a hash of the password, so that all of it counts. @throws KERNEL_MISSING_PACKAGE */
export function verifyBcryptSha256(password: string, parts: readonly string[]): Promise<boolean> {
  return compare(createHash("sha256").update(password).digest("hex"), parts.join("$"));
}
