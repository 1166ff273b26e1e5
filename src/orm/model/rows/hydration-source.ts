/** A row given to a model's constructor in place of values, so that a class's own fields and private members are set too. */
export class Hydration {
  readonly fill: (instance: object) => void;
  row: unknown[] = [];
  peers: object[] = [];

  constructor(assign: (instance: object, row: unknown[], peers: readonly object[]) => void) {
    this.fill = (instance) => assign(instance, this.row, this.peers);
  }
}
