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
