export function defineRelationAccessor(_prototype: object, _name: string): void {}
