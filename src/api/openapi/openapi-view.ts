import { json, type HttpRequest, type View } from "#http";
import { type ModelInfo, allowedModel } from "#serving";
import { projectAuthorizer } from "../project-authorizer.ts";
import { generalPaths } from "./general-paths.ts";
import { modelPaths } from "./model-paths.ts";
import { errorSchema, runSchema } from "./schemas.ts";

/** A description of this API in OpenAPI 3.1, with the inputs and outputs of the models that the caller may see. */
export const openApi: View = async (request) => {
  const base = request.path.slice(0, -"/openapi.json".length);
  const paths: Record<string, unknown> = { ...generalPaths };
  for (const model of await describedModels(request)) Object.assign(paths, modelPaths(model));
  return json({
    openapi: "3.1.0",
    info: { title: "Models", version: "1" },
    servers: [{ url: base === "" ? "/" : base }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Error: errorSchema, Run: runSchema },
    },
  });
};

/** The models that the caller may see, with all that is known of them. */
export async function describedModels(request: HttpRequest): Promise<ModelInfo[]> {
  const found: ModelInfo[] = [];
  for (const { name } of request.services.models.list()) {
    const model = await allowedModel(request, name, { authorizer: projectAuthorizer, action: "list" }).catch(() => undefined);
    if (model) found.push(model);
  }
  return found;
}
