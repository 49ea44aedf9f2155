import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ConfigError } from '../errors/config-error.ts'
import { isRecord } from '../system/is-record.ts'
import { shownText } from '../text/shown-text.ts'

/** A framework that an entry of this package is made for. */
export interface Framework {
  /** As people write it: `Astro`. */
  readonly name: string
  /** As npm has it. */
  readonly packageName: string
  /** The oldest major version that works. */
  readonly oldest: number
  /** The oldest minor version of that one. @default 0 */
  readonly oldestMinor?: number
  /** The newest major version that was tried. */
  readonly newest: number
}

/** The version that a project has installed; undefined where none can be found. */
export function installedVersion(root: string, packageName: string): string | undefined {
  try {
    const require = createRequire(path.join(root, 'package.json'))
    const facts: unknown = JSON.parse(
      readFileSync(require.resolve(`${packageName}/package.json`), 'utf8'),
    )
    return isRecord(facts) && typeof facts.version === 'string' ? facts.version : undefined
  } catch {
    return undefined
  }
}

/**
 * Checks a framework's version before anything depends on it. Pure.
 * @returns what to warn of, if anything: a version that nobody has tried
 * @throws ConfigError where it is too old
 */
export function checkVersion(
  { name, oldest, oldestMinor = 0, newest }: Framework,
  version: string | undefined,
): string | undefined {
  const needed = `${name} ${oldest}${oldestMinor > 0 ? `.${oldestMinor}` : ''}`
  const [major = Number.NaN, minor = 0] = (version ?? '')
    .split('.', 2)
    .map(part => Number.parseInt(part, 10))
  if (version === undefined || Number.isNaN(major)) {
    return `The version of ${name} could not be found. unplugin-imagegen needs ${needed} or later.`
  }
  if (major < oldest || (major === oldest && minor < oldestMinor)) {
    throw new ConfigError(
      `unplugin-imagegen needs ${needed} or later; this project has ${name} ${shownText(version)}. Update ${name}.`,
    )
  }
  if (major > newest) {
    return `unplugin-imagegen was tried with ${needed} to ${newest}; this project has ${name} ${shownText(version)}. If something is wrong, look for a newer unplugin-imagegen.`
  }
  return undefined
}
