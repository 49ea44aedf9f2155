import { defineCollection } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import covers from './notes/covers.image.yaml'

/** Pictures by their names in the manifest: `cover: low-tide`. */
const cover = z.enum(Object.keys(covers) as [keyof typeof covers])

export const collections = {
  notes: defineCollection({
    loader: glob({ base: './src/notes', pattern: '**/*.{md,mdx}' }),
    schema: z.object({ title: z.string(), cover }),
  }),
}
