import { body, gone, inPath, type Paths, refusal, secured, wrap } from "./operations.ts";

const text = { type: "string" };
const percent = { type: "number", minimum: 0, maximum: 100 };

/** What an alias is to name. */
const aliasSchema = {
  type: "object",
  properties: {
    version: text,
    canary: {
      type: "object",
      required: ["version"],
      properties: { version: text, percent, key: text, header: text },
    },
    shadow: {
      type: "object",
      required: ["version"],
      properties: { version: text, percent, tolerance: { type: "number", minimum: 0, maximum: 1 } },
    },
  },
};

const told = (description: string) => ({ 200: { description }, default: refusal });

/** Listing versions, pointing aliases at them, loading and unloading. */
export function versionPaths(path: string, name: string, security: object[]): Paths {
  return {
    [`${path}/versions`]: {
      get: { summary: `The versions of ${name}`, security, responses: told("Versions, the newest first") },
    },
    [`${path}/versions/{version}`]: {
      parameters: [inPath("version")],
      get: { summary: `A version of ${name}`, security, responses: told("The version") },
    },
    ...aliasPaths(path, name),
  };
}

/** What a project does with its database: uploading and removing versions, feedback. */
export function registryPaths(path: string, name: string): Paths {
  const file = { type: "object", properties: { artifact: { type: "string", contentMediaType: "application/octet-stream" } } };
  return {
    [`${path}/versions`]: {
      post: {
        summary: `Upload a version of ${name}`,
        security: secured,
        requestBody: { content: { "multipart/form-data": { schema: file } } },
        responses: { 201: { description: "The version" }, default: refusal },
      },
    },
    [`${path}/versions/{version}`]: {
      delete: { summary: `Remove a version of ${name}`, security: secured, responses: gone },
    },
    [`${path}/predictions/{id}/feedback`]: {
      parameters: [inPath("id")],
      post: {
        summary: `Give the right answer to a recorded prediction of ${name}`,
        security: secured,
        requestBody: body({ type: "object", properties: { answer: {}, answers: { type: "array" } } }),
        responses: told("The prediction and its right answers"),
      },
    },
  };
}

/** Pointing aliases at versions, and loading and unloading. */
function aliasPaths(path: string, name: string): Paths {
  const change = (summary: string) => ({
    post: {
      summary,
      security: secured,
      requestBody: { ...body(wrap("version", text, [])), required: false },
      responses: told("The versions' states"),
    },
  });
  return {
    [`${path}/aliases/{alias}`]: {
      parameters: [inPath("alias")],
      put: {
        summary: `Point an alias of ${name} at a version, with a canary and a shadow; "default" is pinned by it`,
        security: secured,
        requestBody: body(aliasSchema),
        responses: told("The alias"),
      },
      delete: { summary: `Drop an alias of ${name}; "default" is unpinned by it`, security: secured, responses: gone },
    },
    [`${path}/aliases/{alias}/rollback`]: {
      parameters: [inPath("alias")],
      post: {
        summary: `Take an alias of ${name} back: end its canary, or name the version before`,
        security: secured,
        responses: told("The alias"),
      },
    },
    [`${path}/load`]: change(`Load ${name}, or one version of it`),
    [`${path}/unload`]: change(`Let ${name} go, or one version of it`),
  };
}
