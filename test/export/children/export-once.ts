import { runExport } from '../../../src/export/export-images.ts'
import { openProject } from '../../../src/pipeline/open-pipeline.ts'
import { TARGET } from '../sample-export.ts'

/** Exports a project whose pictures are there: `<root> [<ttl>]`. */
const [root = '', ttl = '2000'] = process.argv.slice(2)
const pipeline = await openProject(
  { mode: 'frozen', onSizeMismatch: 'ignore' },
  { start: root, readVariable: () => undefined },
)
try {
  const report = await runExport(pipeline, TARGET, { ttl: Number(ttl) })
  process.stdout.write(JSON.stringify(report))
} catch (error) {
  process.stdout.write(String(error))
  process.exitCode = 3
} finally {
  await pipeline.close()
}
