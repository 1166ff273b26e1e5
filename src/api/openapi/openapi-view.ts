import { json, type HttpRequest, type View } from "#http";
import { allowedModel, type Authorizer, type ModelInfo } from "#serving";
import { listPaths, runPaths } from "./general-paths.ts";
import { modelPaths } from "./model-paths.ts";
import { errorSchema, runSchema } from "./schemas.ts";
import { sharedSchemas } from "./shared-schemas.ts";
import { taskPaths } from "./task-paths.ts";

/** Whose models are described, and to whom. */
export interface ManualOptions {
  authorizer: Authorizer;
  /** True for a project, whose database and sessions give addresses for uploads, training and feedback, and a log-in. */
  isProject: boolean;
}

/** A description of this API in OpenAPI 3.1, with the inputs and outputs of the models that the caller may see. */
export function openApi({ authorizer, isProject }: ManualOptions): View {
  return async (request) => {
    const base = request.path.slice(0, -"/openapi.json".length);
    const paths: Record<string, unknown> = { ...listPaths, ...(isProject && runPaths) };
    const models = await describedModels(request, authorizer);
    for (const model of models) Object.assign(paths, modelPaths(model, isProject));
    if (speaksOpenAI(request, isProject)) Object.assign(paths, taskPaths(models, `${request.services.resolver.prefix}openai/v1`));
    return json({
      openapi: "3.1.0",
      info: { title: "Models", version: "1" },
      servers: [{ url: base === "" ? "/" : base }],
      paths,
      components: {
        securitySchemes: { token: { type: "http", scheme: "bearer" } },
        schemas: Object.assign({ Error: errorSchema, ...(isProject && { Run: runSchema }) }, ...models.map(sharedSchemas)),
      },
    });
  };
}

function speaksOpenAI({ services }: HttpRequest, isProject: boolean): boolean {
  return !isProject || services.settings.serving?.protocols?.includes("openai") === true;
}

/** The models that the caller may see, with all that is known of them. */
export async function describedModels(request: HttpRequest, authorizer: Authorizer): Promise<ModelInfo[]> {
  const found: ModelInfo[] = [];
  for (const { name } of request.services.models.list()) {
    const model = await allowedModel(request, name, { authorizer, action: "list" }).catch(() => undefined);
    if (model) found.push(model);
  }
  return found;
}
