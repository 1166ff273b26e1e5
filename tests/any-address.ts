// The compiler knows the names of examples/cafe's addresses, since it reads the whole repository at once. These take any name.
import { type HttpResponse, reverse as typed, reverseLazy as lazy, type ReverseOptions } from "cortado/http";
import { redirect as sent } from "cortado/views";

export const reverse = typed as (name: string, params?: object, options?: ReverseOptions) => string;
export const reverseLazy = lazy as (name: string, params?: object) => ReturnType<typeof lazy>;
export const redirect = sent as (to: string | object, ...options: object[]) => HttpResponse;
