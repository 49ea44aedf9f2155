import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface ScratchFolder {
  readonly path: string
  remove(): Promise<void>
}

export async function createScratchFolder(): Promise<ScratchFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imagegen-gallery-'))
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
