import { type HttpRequest, type HttpResponse, notFound, redirectTo } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { removeVersion } from "#registry";
import type { Manifest } from "#serving";
import { Addresses } from "../addresses.ts";
import { renderPage } from "../page.ts";
import { sizeText } from "../words.ts";
import { manifestOf } from "./manifests.ts";
import { demandUse, explained, keepDeed, requireModel } from "./model-pages.ts";

/** Asks whether a version that was trained or uploaded is to be removed, and removes it when the answer is posted. */
export async function deleteVersion(request: HttpRequest, name: string, version: string): Promise<HttpResponse> {
  const model = await requireModel(request, name);
  await demandUse(request, model, "manage");
  const manifest = await manifestOf(request.services, name, version);
  if (manifest === undefined) notFound(interpolate(gettext("%(name)s has no version %(version)s to delete."), { name, version }));
  const backUrl = new Addresses().model(name);
  if (request.method !== "POST") return askFirst(request, manifest, backUrl);
  await explained(request, async () => {
    await removeVersion(request.services, name, version);
    await keepDeed(request, name, `Deleted version ${version}.`);
    request.messages.success(interpolate(gettext("Version %(version)s of %(name)s is deleted."), { name, version }));
  });
  return redirectTo(backUrl);
}

function askFirst(request: HttpRequest, { model: name, version, files }: Manifest, backUrl: string): Promise<HttpResponse> {
  const words = { name, version };
  const items = Object.entries(files).map(([file, { size }]) => `${file}, ${sizeText(size)}`);
  return renderPage(request, "admin/delete.html", {
    title: interpolate(gettext("Delete version %(version)s"), words),
    crumbs: [
      { label: gettext("Models"), url: new Addresses().models },
      { label: name, url: backUrl },
    ],
    question: interpolate(gettext("Delete version %(version)s of %(name)s for good? Its number is not used again."), words),
    deleted: [{ label: gettext("Files"), items, rest: 0 }],
    buttonLabel: interpolate(gettext("Delete version %(version)s"), words),
    them: interpolate(gettext("version %(version)s"), words),
    action: "",
    hidden: [],
    count: 1,
    backUrl,
  });
}
