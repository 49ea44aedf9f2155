import { createDiskObjects } from '../../../src/originals/objects/disk-objects.ts'

const [dir = '', number = '', start = ''] = process.argv.slice(2)
const objects = createDiskObjects(dir)
const outcomes: Record<string, string> = {}
while (Date.now() < Number(start));
for (let index = 0; index < 12; index += 1) {
  const name = `race/${index}.json`
  const bytes = Buffer.from(number.repeat(10_000))
  outcomes[name] = await objects.putIfAbsent(name, { bytes })
}
process.stdout.write(JSON.stringify(outcomes))
