import { database } from "../database/database.ts";
import { collectDeletion, runDeletion } from "./collector.ts";

/** Deletes a row and what depends on it, in one transaction; gives how many rows went. */
export function deleteInstance(instance: object): Promise<number> {
  return database().transaction(async () => runDeletion(await collectDeletion([instance])));
}
