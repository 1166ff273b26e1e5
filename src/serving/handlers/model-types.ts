import type { TensorMap } from "./handler.ts";

/**
 * What the models of a project take and give, by their names, as their files say it: `.cortado/models.d.ts`, which
 * `cortado check` and `runserver` keep up to date, adds the project's to it.
 *
 * ```ts
 * declare module "cortado/serving" { interface ModelTypes { scorer: { input: { image: readonly number[] }; output: { scores: number[] } } } }
 * ```
 */
export interface ModelTypes {}

/** The item of a handler: what its own code says, else what its model's file says. */
export type ItemOf<Name extends string, In> = Known<Name, "input", In>;

/** The answer of a handler: what its own code says, else what its model's file says. */
export type AnswerOf<Name extends string, Out> = Known<Name, "output", Out>;

type Known<Name extends string, Side extends "input" | "output", Said> =
  IsTensorMap<Said> extends true
    ? Name extends keyof ModelTypes
      ? ModelTypes[Name] extends { [S in Side]: infer Found }
        ? Found
        : Said
      : Said
    : Said;

/** True for `TensorMap` itself, which is what a handler has that says nothing. */
type IsTensorMap<T> = [T, TensorMap] extends [TensorMap, T] ? (string extends keyof T ? true : false) : false;
