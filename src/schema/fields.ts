import * as v from 'valibot'

/**
 * An object of these keys only. Valibot's strict objects report the first unknown key; with a rest
 * that nothing matches, each is a fault of its own.
 */
export function fields<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> {
  const schema: unknown = v.objectWithRest(entries, v.never())
  return schema as v.StrictObjectSchema<Entries, undefined>
}
