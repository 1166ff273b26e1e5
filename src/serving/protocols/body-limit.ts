/** The most bytes of a prediction's body. */
export const BODY_LIMIT = 64 * 2 ** 20;
