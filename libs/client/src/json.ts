/**
 * The JSON of the REST API, as `proto/floe/v1` defines it: field names in camel case, 64-bit integers as decimal
 * strings, instants as RFC 3339 text, enumerations by name. Plain fields and lists are always there; only objects and
 * instants can be absent.
 */

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** An object of JSON. */
export type JsonObject = { readonly [name: string]: JsonValue };
