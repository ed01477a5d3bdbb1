/**
 * The server writes every field, absent values as null. The API document calls such fields optional; here they are
 * present and nullable, so that `=== null` is the whole question.
 */
export type Present<T> = T extends (infer U)[]
  ? Present<U>[]
  : T extends object
    ? { [K in keyof T]-?: Present<Exclude<T[K], undefined>> }
    : T;
