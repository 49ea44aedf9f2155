import * as v from 'valibot'

/**
 * An object of these keys only. Valibot's strict objects report the first unknown key alone; a rest
 * that matches nothing reports each of them.
 */
export function fields<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> {
  const schema: unknown = v.objectWithRest(entries, v.never())
  return schema as v.StrictObjectSchema<Entries, undefined>
}
