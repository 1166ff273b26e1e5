/** Gives what it is given, so that a class which extends it may put a private field on any object. */
class Given {
  constructor(given: object) {
    // oxlint-disable-next-line no-constructor-return -- that is what it is for
    return given;
  }
}

/** A private field on an exact decimal: nobody who looks at the number or compares it sees it, and it costs next to nothing. */
class ShownPlaces extends Given {
  readonly #places: number;

  constructor(number: object, places: number) {
    super(number);
    this.#places = places;
  }

  static of(number: object): number | undefined {
    return #places in number ? (number as ShownPlaces).#places : undefined;
  }
}

/**
 * Notes with how many places an exact decimal is shown on a page: a price of 12.50 stays one. Its value, its text and its JSON
 * remain what they are.
 */
export function showWithPlaces<T extends object>(number: T, places: number): T {
  return new ShownPlaces(number, places) as unknown as T;
}

/** With how many places an exact decimal is shown; undefined where nobody said. */
export function placesShown(number: object): number | undefined {
  return ShownPlaces.of(number);
}
