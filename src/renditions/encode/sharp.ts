import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Sharp, SharpInput, SharpOptions } from 'sharp'
import { RenditionError } from '../../errors/rendition-error.ts'
import { isRecord } from '../../system/is-record.ts'

export type SharpFactory = (input?: SharpInput, options?: SharpOptions) => Sharp

/**
 * The only place that loads sharp: loading takes longer than a whole warm build should.
 * @throws RenditionError when it is not installed, or without its binary for this platform
 */
export async function loadSharp(): Promise<SharpFactory> {
  try {
    const { default: sharp } = await import('sharp')
    return sharp
  } catch (cause) {
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw new RenditionError(
      `sharp, the image library, can't be loaded for ${process.platform}-${process.arch}: ${reason.replace(/[.:\s]*$/, '')}. Install it again, with optional dependencies (\`npm install --include=optional sharp\`).`,
      { cause },
    )
  }
}

/** The version of the installed sharp, from its package.json, without loading sharp. */
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
    return undefined // not in this folder: the next one up follows
  }
  const content: unknown = JSON.parse(text)
  const isSharp = isRecord(content) && content.name === 'sharp' && 'version' in content
  return isSharp ? String(content.version) : undefined
}
