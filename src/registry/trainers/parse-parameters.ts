import type { StandardSchema } from "#serving";
import { registryErrors } from "../errors.ts";

/** A run's parameters as the trainer's schema makes them. @throws REGISTRY_BAD_PARAMETERS */
export async function parseParameters(model: string, schema: StandardSchema | undefined, given: unknown): Promise<unknown> {
  if (!schema) return given;
  const result = await schema["~standard"].validate(given);
  if (!result.issues) return result.value;
  const problems = result.issues.map((issue) => [...(issue.path ?? []).map(String), issue.message].join(": "));
  throw registryErrors.REGISTRY_BAD_PARAMETERS({ model, problems });
}
