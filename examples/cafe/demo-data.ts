import type { Services } from "cortado";
import { createToken, findToken } from "cortado/auth";
import { startRun, waitForRun } from "cortado/registry";
import { User } from "./accounts/models.ts";
import type { Credentials } from "./demo-credentials.ts";

/** Makes the superuser `admin` and the token, or gives them the password and value asked for. */
export async function prepareAccounts({ password, token }: Credentials): Promise<void> {
  let admin = await User.objects.filter({ username: "admin" }).first();
  if (!admin) admin = await User.objects.createSuperuser({ username: "admin", email: "admin@example.com", password });
  else if (!(await admin.checkPassword(password))) {
    await admin.setPassword(password);
    await admin.save();
  }
  if (!(await findToken(token))) await createToken(admin, ["predict", "train", "manage"], { name: "demo", value: token });
}

/** Trains version 1 of the penguin model from the table, unless there is a version already. */
export async function prepareModel(services: Services): Promise<void> {
  const model = services.models.list().find((each) => each.name === "penguin-species");
  if (model && model.versions.length > 0) return;
  console.log("Training penguin-species from the table …");
  const run = await waitForRun(await startRun(services, "penguin-species", {}));
  if (run.state !== "succeeded") throw new Error(`The first training did not succeed: ${run.error?.message ?? run.state}`);
}
