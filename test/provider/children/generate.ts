import { openPipeline } from '../../../src/api.ts'

/** Generates what a project lacks, and prints the outcomes or the error. */
await using pipeline = await openPipeline(
  { root: process.env.TEST_ROOT ?? '', onSizeMismatch: 'ignore' },
  { cwd: process.env.TEST_ROOT ?? '' },
)
try {
  const { images } = await pipeline.generate()
  process.stdout.write(JSON.stringify(images.map(({ outcome }) => outcome)))
} catch (error) {
  process.stdout.write(error instanceof Error ? error.message : String(error))
}
