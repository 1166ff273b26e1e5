import { ask } from "./ask.ts";

/** A new password: from CORTADO_PASSWORD, else typed twice until both agree. */
export async function askNewPassword(): Promise<string> {
  const given = process.env["CORTADO_PASSWORD"];
  if (given !== undefined) return given;
  for (;;) {
    const first = await ask("Password:", { flag: "set CORTADO_PASSWORD", hidden: true });
    if (first === (await ask("Password (again):", { flag: "set CORTADO_PASSWORD", hidden: true }))) return first;
    console.error("The two differ. Once more.");
  }
}
