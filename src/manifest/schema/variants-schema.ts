import * as v from 'valibot'
import { fields } from '../../schema/fields.ts'
import { VariantOutputSchema } from './output/output-schema.ts'
import { filled } from './text-schema.ts'

const VariantSchema = fields({
  media: filled(
    'The media query for which pages show this variant. If several match, the first one wins.',
    '(prefers-color-scheme: dark)',
    '(max-width: 40rem)',
  ),
  image: v.exactOptional(
    filled('Another image of this manifest. Default: the picture of this image.', 'hero-night'),
  ),
  output: v.exactOptional(VariantOutputSchema),
})

export const VariantsSchema = v.pipe(
  v.record(v.string(), VariantSchema),
  v.description(
    'Other pictures or crops for the same place on a page, by name. Each has a media query, and another image, another `output`, or both.',
  ),
  v.examples([
    {
      dark: { media: '(prefers-color-scheme: dark)', image: 'hero-night' },
      phone: { media: '(max-width: 40rem)', output: { aspect: '4:5' } },
    },
  ]),
)

export type WrittenVariant = v.InferOutput<typeof VariantSchema>
