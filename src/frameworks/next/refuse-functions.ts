import { ConfigError } from '../../errors/config-error.ts'

/**
 * Names the option that Turbopack could not hand over to a loader.
 * @throws ConfigError
 */
export function refuseFunctions(value: unknown, name: string): void {
  if (typeof value === 'function' || (typeof value === 'object' && isInstance(value))) {
    throw new ConfigError(
      `\`${name}\` of withImagegen() is not a plain value, and Turbopack passes only plain values. Move it to imagegen.config.ts.`,
    )
  }
  if (typeof value !== 'object') return
  for (const [key, member] of Object.entries(Object(value))) {
    refuseFunctions(member, `${name}.${key}`)
  }
}

function isInstance(value: object | null): boolean {
  if (value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null
}
