export async function fullClean(_instance: object, _exclude: readonly string[]): Promise<void> {}
