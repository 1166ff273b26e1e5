export async function deleteInstance(_instance: object): Promise<number> {
  return 0;
}
