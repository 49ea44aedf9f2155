import { readdir } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import { sha256 } from '../../system/digest.ts'
import { readIfThere } from '../../system/files/present-file.ts'
import { projectPath } from '../../system/project-path.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import type { ExportTarget } from '../target/export-target.ts'
import { replaceFile } from './replace-file.ts'

const kinds = v.picklist(['picture', 'html', 'module', 'data'])

const listedFile = v.object({
  kind: kinds,
  /** What it may hold: two contents while an export is under way. */
  fingerprints: v.array(v.string()),
})

const listSchema = v.object({
  version: v.literal(1),
  /** By path relative to the root, with slashes. */
  files: v.record(v.string(), listedFile),
})

export type ListedFile = v.InferOutput<typeof listedFile>

/** What exports to one place wrote, by path relative to the root. */
export type ExportList = ReadonlyMap<string, ListedFile>

/** The lists of a project's exports: `exports/<name>.json` in the cache directory. */
export interface ExportLists {
  /** Tells exports apart: by their folder, and the file that lists the images. */
  readonly id: string
  /** Absolute path of the folder that they lie in. */
  readonly folder: string
  /** Of this export; empty when there is none that can be read. */
  own(): Promise<ExportList>
  /** Of all others together. */
  others(): Promise<ExportList>
  /** @throws StoreError */
  write(list: ExportList): Promise<void>
}

/**
 * Lists are kept beside what is committed: a clone that has the exported files has to know which of
 * them are its own. They hold the files' contents, so that a clone which has other files under these
 * names leaves them alone.
 */
export function createExportLists(cacheDir: string, target: ExportTarget): ExportLists {
  const folder = path.join(cacheDir, 'exports')
  const id = identify(target)
  const file = path.join(folder, `${id}.json`)
  return {
    id,
    folder,
    own: () => readList(file),
    async others() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return []
        throw storeFault(`${folder} can't be read`, error)
      })
      const all = new Map<string, ListedFile>()
      for (const name of names.filter(name => name.endsWith('.json')).sort()) {
        if (path.join(folder, name) === file) continue
        for (const [listed, facts] of await readList(path.join(folder, name)))
          all.set(listed, facts)
      }
      return all
    },
    async write(list) {
      const text = renderList(list)
      if (text === (await readIfThere(file))) return
      await replaceFile(file, { kind: 'data', text }, id)
    },
  }
}

function identify({ root, folder, catalog }: ExportTarget): string {
  const out = projectPath(root, folder)
  const list = catalog ? projectPath(root, catalog.file) : null
  const name = out.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  return `${name.toLowerCase().slice(0, 60) || 'export'}-${sha256(JSON.stringify([out, list])).slice(0, 8)}`
}

/** One file a line, so that git can merge. */
function renderList(list: ExportList): string {
  const lines = [...list]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, listed]) => `    ${JSON.stringify(name)}: ${JSON.stringify(listed)}`)
  return `{\n  "version": 1,\n  "files": {\n${lines.join(',\n')}\n  }\n}\n`
}

/** What no export can have written tells nothing: then no file counts as one of an export. */
async function readList(file: string): Promise<ExportList> {
  const text = await readIfThere(file).catch((error: unknown) => {
    throw storeFault(`${file} can't be read`, error)
  })
  if (text === undefined) return new Map()
  const parsed = v.safeParse(listSchema, parseJson(text))
  return new Map(parsed.success ? Object.entries(parsed.output.files) : [])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
