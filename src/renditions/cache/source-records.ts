import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { isDigest, sha256 } from '../../system/digest.ts'
import { readIfThere } from '../../system/files/present-file.ts'
import { isSettled } from '../../system/files/settled-file.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { RASTER_FORMATS } from '../../system/picture-format.ts'

const side = v.pipe(v.number(), v.integer(), v.minValue(1))

const SourceRecordSchema = v.object({
  version: v.literal(1),
  /** The file's identity when it was read. */
  mark: v.string(),
  digest: v.pipe(v.string(), v.guard(isDigest)),
  format: v.picklist(RASTER_FORMATS),
  width: side,
  height: side,
  size: side,
})

type SourceRecord = v.InferOutput<typeof SourceRecordSchema>

/** What is known of a file. */
export type KnownSource = Omit<SourceRecord, 'version' | 'mark'>

export interface SourceRecordsOptions {
  /** Absolute path. */
  readonly cacheDir: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * What was read of files of the project, in the folder of renditions. A warm build reads only the
 * record of a file that did not change.
 * @param read reads the file itself
 */
export function createSourceRecords(
  { cacheDir, now }: SourceRecordsOptions,
  read: (file: string) => Promise<KnownSource>,
): (file: string) => Promise<KnownSource> {
  return async file => {
    const path = join(cacheDir, 'sources', `${sha256(file)}.json`)
    const stats = await stat(file, { bigint: true })
    const mark = `${stats.ino}.${stats.mtimeNs}.${stats.ctimeNs}.${stats.size}`
    const known = parseSourceRecord(await readIfThere(path))
    if (known?.mark === mark) return known
    const found = await read(file)
    if (isSettled(stats, now())) {
      const record: SourceRecord = { version: 1, mark, ...found }
      // It only saves work later: a read-only folder is no reason to stop.
      await writeAtomically(path, JSON.stringify(record)).catch(() => undefined)
    }
    return found
  }
}

/** A damaged record counts as none. */
function parseSourceRecord(text: string | undefined): SourceRecord | undefined {
  try {
    const parsed = v.safeParse(SourceRecordSchema, JSON.parse(text ?? ''))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}
