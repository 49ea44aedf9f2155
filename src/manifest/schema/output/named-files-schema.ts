import * as v from 'valibot'
import { FILE_SETS } from '../../../config/output-settings.ts'
import { PADDING } from '../../../config/parse-output.ts'
import { fields } from '../../../schema/fields.ts'
import { filled } from '../text-schema.ts'

const PixelsSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_383))

const NamedFileSchema = fields({
  file: filled(
    'Name, relative to the output directory. Its extension is the format: png, jpg, webp, avif or ico.',
    'icons/512.png',
  ),
  width: v.exactOptional(
    v.pipe(PixelsSchema, v.description('Pixels. Without it: those of the original.')),
  ),
  height: v.exactOptional(
    v.pipe(
      PixelsSchema,
      v.description('Pixels, beside `width`: the picture is cropped. Without it: in proportion.'),
    ),
  ),
  sizes: v.exactOptional(
    v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256))),
      v.minLength(1),
      v.check(values => new Set(values).size === values.length),
      v.metadata({ uniqueItems: true }),
      v.description('Of an .ico: its squares, in pixels. Default: 16, 32 and 48.'),
      v.examples([[16, 32, 48]]),
    ),
  ),
  padding: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(PADDING),
      v.metadata({ patternErrorMessage: 'Write a part of the shorter side, like "10%".' }),
      v.description(
        'Free space on each side, of the shorter side, up to 40 %: in the colour of `background`, else transparent.',
      ),
      v.examples(['10%']),
    ),
  ),
})

export const NamedFilesSchema = v.pipe(
  v.array(v.union([v.picklist(FILE_SETS), NamedFileSchema])),
  v.minLength(1),
  v.description(
    'Files under very names of their own, for icons and cards: `{ file, width, height, sizes, padding }`, or a set. `icons`: favicon.ico, apple-touch-icon.png, icon-192.png, icon-512.png, icon-maskable-512.png. `social`: social.jpg of 1200×630.',
  ),
  v.examples([['icons'], [{ file: 'og/home.jpg', width: 1200, height: 630 }]]),
)

export type WrittenFile = v.InferOutput<typeof NamedFileSchema>
