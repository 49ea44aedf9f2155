import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Sharp, SharpInput, SharpOptions } from 'sharp'

export type SharpFactory = (input?: SharpInput, options?: SharpOptions) => Sharp

/** The only place that loads sharp: loading it costs more than a whole warm build may. */
export async function loadSharp(): Promise<SharpFactory> {
  const { default: sharp } = await import('sharp')
  return sharp
}

/** Version of the installed sharp, from its package.json: sharp itself is not loaded. */
export function readSharpVersion(): string {
  let folder = dirname(createRequire(import.meta.url).resolve('sharp'))
  for (;;) {
    const version = versionIn(join(folder, 'package.json'))
    if (version !== undefined) return version
    const parent = dirname(folder)
    if (parent === folder) throw new Error("sharp's package.json was not found beside its code.")
    folder = parent
  }
}

function versionIn(file: string): string | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined // not this folder: the next one up is asked
  }
  const content: unknown = JSON.parse(text)
  const isSharp =
    typeof content === 'object' &&
    content !== null &&
    'name' in content &&
    content.name === 'sharp' &&
    'version' in content
  return isSharp ? String(content.version) : undefined
}
