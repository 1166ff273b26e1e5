/** An item whose answer is known: a version that answers it otherwise does not become ready. */
export interface GoldenAnswer<In = unknown, Out = unknown> {
  input: In;
  output: Out;
  /** How far numbers may be off: by so much, or by that part of the larger number. Default 0.0001. */
  tolerance?: number;
}
