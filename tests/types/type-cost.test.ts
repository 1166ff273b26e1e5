import assert from "node:assert/strict";
import { after, test } from "node:test";
import { cortadoFiles } from "../../benchmarks/types/cortado-fixture.ts";
import { TypedProjects } from "./typed-project.ts";

const projects = new TypedProjects();
after(() => projects.remove());

/** What the compiler instantiates for a project, without what it does for an empty one. */
function costOf(models: number, queries: number): number {
  const { errors, instantiations } = projects.compile(cortadoFiles({ models, queries }));
  assert.deepEqual(errors, {});
  return instantiations - empty;
}
const empty = projects.compile({ "empty.ts": 'import "cortado/orm";' }).instantiations;

/*
 * The figures have some room for what a feature needs. Where a change goes beyond it, these were dear before:
 * - a mapped type with a condition over all fields of a declaration; a constraint (`F extends Record<string, …>`) or
 *   one condition over `F[keyof F]` asks what fields are once for all models, as fields are shared between models;
 * - an alias of a class (`type IntegerOf<O> = IntegerField<…>`) as a result: its types are then not shared;
 * - a union spelled out in a condition on a type parameter: it is copied each time; a named one is not;
 * - reading the rows of a model that a relation names where its static side says the same.
 */
test("sixty models and their queries cost the compiler no more than they may", () => {
  const cost = costOf(60, 180);
  assert.ok(cost > 100_000, `${cost} instantiations: is anything compiled at all?`);
  assert.ok(cost <= 191_000, `${cost} instantiations are more than 191,000`);
});

test("the cost grows with the models, not with what models lead to", () => {
  const perModel = (costOf(60, 0) - costOf(30, 0)) / 30;
  assert.ok(perModel <= 1_380, `${perModel} instantiations for each model are more than 1,380`);
});
