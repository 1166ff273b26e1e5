import { deleteRows } from "./run-deletion.ts";

/** Deletes a row and what depends on it, in one transaction; gives how many rows went. */
export async function deleteInstance(instance: object): Promise<number> {
  return (await deleteRows([instance])).total;
}
