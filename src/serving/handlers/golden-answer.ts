/** An item whose answer is known: a version that answers it otherwise does not become ready. */
export interface GoldenAnswer<In = unknown, Out = unknown> {
  input: In;
  output: Out;
  /** How far numbers may be off: by so much, or by such a part of the expected number where that is more. Default 0.0001. */
  tolerance?: number;
}
