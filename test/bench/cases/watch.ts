import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type BenchCase, figure } from '../harness/bench-case.ts'
import { PICTURES, writePictures, writeProductProject } from '../harness/gallery-project.ts'

/** A change of one picture's output while Vite watches. */
export const watch: BenchCase = {
  name: 'watch',
  work: `\`vite build --watch\`: from saving another \`output\` of one of ${PICTURES} pictures to the written bundle.`,
  rounds: 3,
  async prepare(folder) {
    const pictures = await writePictures(path.join(folder, 'pictures'))
    const root = path.join(folder, 'product')
    return {
      contenders: [
        {
          name: 'unplugin-imagegen',
          script: 'vite-watch.mjs',
          input: { root, edits: 7 },
          async reset() {
            await rm(root, { recursive: true, force: true })
            await writeProductProject(root, pictures)
          },
        },
      ],
      notes: ['cold', 'edit'],
      bounds: [
        {
          what: 'an edit, against the cold build',
          ratio: round =>
            figure(round, 'unplugin-imagegen', 'edit') / figure(round, 'unplugin-imagegen', 'cold'),
          atMost: 1 / 15,
          before: 0.1,
        },
      ],
    }
  },
}
