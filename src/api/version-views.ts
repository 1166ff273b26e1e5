import { HttpError, HttpResponse, json, type View } from "#http";
import { removeVersion, uploadVersion } from "#registry";
import { allowedModel } from "#serving";
import { apiErrors } from "./errors.ts";
import { authorOf, projectAuthorizer } from "./project-authorizer.ts";

const managed = { authorizer: projectAuthorizer, action: "manage" } as const;

/** Makes a version of the files of a multipart form. 201 once it is ready to answer. */
export const upload: View<{ name: string }> = async (request, { name }) => {
  await allowedModel(request, name, managed);
  if (!/^multipart\/form-data\b/i.test(request.headers["content-type"] ?? "")) {
    const problem = "is not a multipart form with the file model.onnx";
    throw HttpError.from(415, apiErrors.API_BAD_BODY({ problem, example: `curl -F file=@model.onnx …/models/${name}/versions` }));
  }
  const { files } = await request.form();
  const sent = [...files.keys()].flatMap((field) => files.getAll(field));
  const version = await uploadVersion(request.services, { model: name, files: sent, by: await authorOf(request) });
  const number = String(version.version);
  const location = `${request.path.replace(/\/$/, "")}/${number}`;
  return json(request.services.models.describeVersion(name, number), { status: 201, headers: { location } });
};

/** Removes a version for good; its number is not used again. */
export const remove: View<{ name: string; version: string }> = async (request, { name, version }) => {
  await allowedModel(request, name, managed);
  await removeVersion(request.services, name, version);
  return new HttpResponse(null, { status: 204 });
};
