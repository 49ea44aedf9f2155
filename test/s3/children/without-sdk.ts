import { createS3Objects } from '../../../src/originals/objects/s3/s3-objects.ts'

try {
  await createS3Objects({ bucket: 'bucket', prefix: 'p', access: 'read-write' })
} catch (error) {
  process.stdout.write(error instanceof Error ? error.message : String(error))
}
