import type { Check } from '../run.ts'

/** The example's own type check passes before anything was built. */
export const checkTypes: Check = async ({ workspace }) => {
  const { types } = workspace.example.scripts
  if (types === undefined) return '–'
  await workspace.run(types)
  return 'pass'
}
