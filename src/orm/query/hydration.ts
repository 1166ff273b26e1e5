export class Hydration {
  fill(_target: object): void {}
}
