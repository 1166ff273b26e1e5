import { inPath, type Paths, refusal, runAnswer, secured } from "./operations.ts";

const runId = [inPath("id", "integer")];

/** The models, of which everything else is said model by model. */
export const listPaths: Paths = {
  "/models": {
    get: { summary: "The models", responses: { 200: { description: "The models that you may see" }, default: refusal } },
  },
};

/** Runs, which belong to no one model. */
export const runPaths: Paths = {
  "/runs": {
    get: { summary: "The newest runs", security: secured, responses: { 200: { description: "Runs" }, default: refusal } },
  },
  "/runs/{id}": {
    get: {
      summary: "A run, or its events",
      security: secured,
      parameters: runId,
      responses: { 200: runAnswer, default: refusal },
    },
  },
  "/runs/{id}/cancel": {
    post: { summary: "Stop a run", security: secured, parameters: runId, responses: { 202: runAnswer, default: refusal } },
  },
  "/runs/{id}/resume": {
    post: { summary: "Go on with a run", security: secured, parameters: runId, responses: { 202: runAnswer, default: refusal } },
  },
};
