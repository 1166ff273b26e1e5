export async function saveInstance(_instance: object, _options: object): Promise<void> {}
export async function refreshInstance(_instance: object): Promise<void> {}
