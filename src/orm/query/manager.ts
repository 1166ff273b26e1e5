export class Manager<T> {
  readonly model: unknown;
  declare $t: T;
  constructor(model: unknown) {
    this.model = model;
  }
}
