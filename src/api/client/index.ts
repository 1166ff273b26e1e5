export { client, type ClientOptions, type ModelClient, type ModelsClient } from "./client.ts";
export { ClientError } from "./client-error.ts";
export type { AskOptions, ModelDescription, PredictionAnswer } from "./model-client.ts";
export type { Json } from "./json.ts";
export type { RunClient, RunDescription, RunEvent } from "./run-client.ts";
