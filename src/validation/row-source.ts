/**
 * Where rows come from, one after the other: an array wrapped in a generator, a file, a QuerySet.
 * `description` says which rows they are, in a form that can be kept beside what was made of them.
 */
export type RowSource<T> = AsyncIterable<T> & { readonly description?: string | undefined };
