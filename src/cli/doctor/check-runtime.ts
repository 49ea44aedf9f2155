import { VERSION } from '../../config/version.ts'
import { loadSharp, readSharpVersion } from '../../renditions/encode/sharp.ts'
import { createFinding, type Finding, findingOf } from './finding.ts'

/** What is here whatever the project is. A Node that is too old ends the bin before. */
export async function checkRuntime(): Promise<readonly Finding[]> {
  return [
    createFinding('ok', 'version', `unplugin-imagegen ${VERSION}.`),
    createFinding('ok', 'Node', `Node ${process.versions.node}.`),
    await checkSharp(),
  ]
}

async function checkSharp(): Promise<Finding> {
  try {
    const sharp = await loadSharp()
    await sharp(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } })
      .webp()
      .toBuffer()
    return createFinding('ok', 'sharp', `sharp ${readSharpVersion()} loads and encodes.`)
  } catch (error) {
    return findingOf('sharp', error)
  }
}
