/** A number, and its 32 bits as a float. */
const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** The 16 bits of the bfloat16 next to a number; of two that are as near, the even one. Not-a-number stays it. */
export function toBfloat16(value: number): number {
  number[0] = value;
  // As a float, a number beyond the largest double is infinite, and a bfloat16 has the range of floats.
  const whole = bits[0]!;
  if (Number.isNaN(value)) return (whole >>> 16) | 0x40;
  return ((whole + 0x7fff + ((whole >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The number that 16 bits are as a bfloat16; each has one. */
export function fromBfloat16(half: number): number {
  bits[0] = half << 16;
  return number[0]!;
}

/** Elements of BF16, as floats. */
export function floatsOf(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(halves.length);
  const whole = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) whole[i] = halves[i]! << 16;
  return floats;
}

/** Numbers, as elements of BF16. */
export function bfloat16sOf(numbers: ArrayLike<unknown>): Uint16Array {
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) halves[i] = toBfloat16(Number(numbers[i]));
  return halves;
}
