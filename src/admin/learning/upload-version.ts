import { type HttpRequest, type HttpResponse, redirectTo } from "#http";
import { CortadoError } from "#kernel";
import { gettext, interpolate } from "#kernel/i18n";
import { uploadVersion } from "#registry";
import { Addresses } from "../addresses.ts";
import { demandUse, explained, keepDeed, requireModel } from "./model-pages.ts";

/** Makes a version of the files that were sent, and says what came of it. */
export async function uploadModel(request: HttpRequest, name: string): Promise<HttpResponse> {
  const model = await requireModel(request, name);
  await demandUse(request, model, "manage");
  await explained(request, () => publish(request, name).catch(leaveToPage));
  return redirectTo(new Addresses().model(name));
}

async function publish(request: HttpRequest, name: string): Promise<void> {
  const { files } = await request.form();
  const { username: by } = request.user;
  const { version } = await uploadVersion(request.services, { model: name, files: files.getAll("files"), by });
  await keepDeed(request, name, `Uploaded version ${version}.`);
  request.messages.success(interpolate(gettext("Version %(version)s of %(name)s is ready."), { name, version }));
}

/** Why a version did not load is told by the model's page itself, which lists what was refused. */
function leaveToPage(error: unknown): void {
  if (!(error instanceof CortadoError) || error.code !== "SERVING_VERSION_FAILED") throw error;
}
