import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Datatype, Tensor, tensor } from "cortado/serving";
import { refusal } from "./refused.ts";

describe("tensor()", () => {
  it("takes either spelling of a type and has one dimension unless told otherwise", () => {
    assert.deepEqual(tensor("float32", [1, 2, 3]), new Tensor("FP32", [3], Float32Array.of(1, 2, 3)));
    assert.deepEqual(tensor("INT64", [1, 2], [2, 1]), new Tensor("INT64", [2, 1], BigInt64Array.of(1n, 2n)));
    assert.deepEqual(tensor("float32", [1, 2n, "3", true]), new Tensor("FP32", [4], Float32Array.of(1, 2, 3, 1)));
    assert.deepEqual(tensor("string", ["a"]), new Tensor("BYTES", [1], ["a"]));
    assert.deepEqual(tensor("bool", [true, false]), new Tensor("BOOL", [2], Uint8Array.of(1, 0)));
  });

  it("keeps a typed array of its own type instead of copying it", () => {
    const data = Float32Array.of(1, 2);
    assert.equal(tensor("float32", data).data, data);
  });

  it("refuses a shape that does not hold the elements", () => {
    assert.throws(
      () => tensor("float32", [1, 2, 3], [2, 2]),
      refusal({
        code: "SERVING_BAD_TENSOR",
        message: "A FP32 tensor of the shape [2, 2] holds 4 elements, and 3 were given.",
        hint: "Check the shape against the data.",
      }),
    );
  });

  it("refuses a type that does not exist, and names the nearest", () => {
    assert.throws(
      () => tensor("flot32" as Datatype, [1]),
      refusal({
        code: "SERVING_UNKNOWN_DATATYPE",
        message: /^There is no tensor type "flot32"\. There are: BOOL, bool, /,
        hint: 'Did you mean "float32"?',
      }),
    );
  });
});

describe("a tensor of BF16", () => {
  const bits = (...values: number[]) => [...(tensor("bfloat16", values).data as Uint16Array)];

  it("holds the bits of the nearest numbers that it can, and of two as near the even one", () => {
    assert.deepEqual(bits(0, -0, 1, -2, 0.5), [0, 0x8000, 0x3f80, 0xc000, 0x3f00]);
    // Between 1 and the next number above, which is 1 + 1/128.
    assert.deepEqual(bits(1 + 1 / 256, 1 + 3 / 256), [0x3f80, 0x3f82]);
    assert.deepEqual(bits(1 + 1 / 256 + 1e-6, 1 + 1 / 256 - 1e-6), [0x3f81, 0x3f80]);
    assert.deepEqual(bits(2 ** -133, 2 ** -135), [1, 0]);
  });

  it("keeps infinities and what is no number, and becomes infinite beyond its range", () => {
    assert.deepEqual(bits(Infinity, -Infinity, 3.4e38, 1e300), [0x7f80, 0xff80, 0x7f80, 0x7f80]);
    const [none] = bits(Number.NaN);
    assert.ok((none! & 0x7f80) === 0x7f80 && (none! & 0x7f) !== 0);
    assert.deepEqual(tensor("bfloat16", Uint16Array.of(0x7f81, 0xffff, 0x7f80)).numbers(), [Number.NaN, Number.NaN, Infinity]);
  });

  it("gives each of its 65,536 elements back as the number that it is", () => {
    const all = tensor(
      "bfloat16",
      Uint16Array.from({ length: 2 ** 16 }, (_, i) => i),
    );
    const numbers = all.numbers();
    const again = tensor("BF16", numbers).data as Uint16Array;
    for (const [i, number] of numbers.entries()) if (!Number.isNaN(number)) assert.equal(again[i], i);
    assert.equal(numbers.filter(Number.isNaN).length, 2 * 127);
    assert.deepEqual(tensor("bfloat16", [1, 2.5, -1, 0], [2, 2]).toNested(), [[1, 2.5], [-1, 0]]); // oxfmt-ignore
  });
});

describe("a tensor", () => {
  it("gives nested arrays as deep as its shape", () => {
    assert.deepEqual(tensor("int32", [1, 2, 3, 4, 5, 6], [3, 1, 2]).toNested(), [[[1, 2]], [[3, 4]], [[5, 6]]]);
    assert.equal(tensor("float64", [7], []).toNested(), 7);
    assert.deepEqual(tensor("bool", [1, 0]).toNested(), [true, false]);
    assert.deepEqual(tensor("float32", [], [0, 4]).toNested(), []);
  });

  it("gives plain numbers", () => {
    assert.deepEqual(tensor("int64", [1n, 2n]).numbers(), [1, 2]);
  });
});
