import { byMethod, path } from "#http";
import { staffOnly } from "../staff-only.ts";
import { deleteVersion } from "./delete-version.ts";
import { modelPage, modelsPage, moveAlias, rollBack, trainModel } from "./model-pages.ts";
import { cancelRunView, runEventStream, runPage, runsPage } from "./run-pages.ts";
import { uploadModel } from "./upload-version.ts";

const model = staffOnly((request, { name }: { name: string }) => modelPage(request, name));
const versionToDelete = staffOnly((request, { name, version }: { name: string; version: string }) =>
  deleteVersion(request, name, version),
);

/** The pages of machine-learning models and their runs. */
export const learningUrls = [
  path("models/", staffOnly(modelsPage), { name: "models" }),
  path("models/<str:name>/", byMethod({ GET: model, POST: model }), { name: "model" }),
  path(
    "models/<str:name>/train/",
    byMethod({ POST: staffOnly((request, { name }: { name: string }) => trainModel(request, name)) }),
  ),
  path(
    "models/<str:name>/alias/",
    byMethod({ POST: staffOnly((request, { name }: { name: string }) => moveAlias(request, name)) }),
  ),
  path(
    "models/<str:name>/rollback/",
    byMethod({ POST: staffOnly((request, { name }: { name: string }) => rollBack(request, name)) }),
  ),
  path(
    "models/<str:name>/upload/",
    byMethod({ POST: staffOnly((request, { name }: { name: string }) => uploadModel(request, name)) }),
  ),
  path("models/<str:name>/versions/<str:version>/delete/", byMethod({ GET: versionToDelete, POST: versionToDelete })),
  path("runs/", staffOnly(runsPage), { name: "runs" }),
  path(
    "runs/<int:id>/",
    staffOnly((request, { id }: { id: number }) => runPage(request, id)),
    { name: "run" },
  ),
  path(
    "runs/<int:id>/events/",
    staffOnly((request, { id }: { id: number }) => runEventStream(request, id)),
  ),
  path("runs/<int:id>/cancel/", byMethod({ POST: staffOnly((request, { id }: { id: number }) => cancelRunView(request, id)) })),
] as const;
