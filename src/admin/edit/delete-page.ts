import type { HttpRequest, HttpResponse } from "#http";
import { Addresses } from "../addresses.ts";
import type { ModelAdmin } from "../model-admin.ts";
import { rightsOf } from "../permissions.ts";
import { confirmDeletion } from "./delete-view.ts";
import { requireRow } from "./find-row.ts";

/** The page that deletes one row. */
export async function deletePage(request: HttpRequest, admin: ModelAdmin, id: string): Promise<HttpResponse> {
  await rightsOf(request, admin).demand("delete");
  const row = await requireRow(request, admin, id);
  const form = request.method === "POST" ? (await request.form()).data : undefined;
  const [to, { meta }] = [new Addresses(), admin.model];
  return confirmDeletion(request, {
    admin,
    rows: [row],
    form,
    backUrl: to.row(meta, row.pk, "change"),
    doneUrl: to.list(meta),
  });
}
