import * as v from 'valibot'
import { FILE_SETS } from '../../../config/output-settings.ts'
import { PADDING } from '../../../config/parse-output.ts'
import { fields } from '../../../schema/fields.ts'
import { filled } from '../text-schema.ts'

const PixelsSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_383))

const NamedFileSchema = fields({
  file: filled(
    'Path relative to the output directory. The extension sets the format: png, jpg, webp, avif or ico.',
    'icons/512.png',
  ),
  width: v.exactOptional(
    v.pipe(PixelsSchema, v.description('Width in pixels. Default: the width of the original.')),
  ),
  height: v.exactOptional(
    v.pipe(
      PixelsSchema,
      v.description(
        'Height in pixels, together with `width`: the picture is cropped. Default: in proportion.',
      ),
    ),
  ),
  sizes: v.exactOptional(
    v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256))),
      v.minLength(1),
      v.check(values => new Set(values).size === values.length),
      v.metadata({ uniqueItems: true }),
      v.description('Square sizes of an .ico, in pixels. Default: 16, 32 and 48.'),
      v.examples([[16, 32, 48]]),
    ),
  ),
  padding: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(PADDING),
      v.metadata({ patternErrorMessage: 'Write a part of the shorter side, like "10%".' }),
      v.description(
        'Space on each side, as a part of the shorter side, up to 40 %. It has the colour of `background`, or is transparent.',
      ),
      v.examples(['10%']),
    ),
  ),
})

export const NamedFilesSchema = v.pipe(
  v.array(v.union([v.picklist(FILE_SETS), NamedFileSchema])),
  v.minLength(1),
  v.description(
    'Files under exactly these names, for icons and cards: `{ file, width, height, sizes, padding }`, or a set. `icons`: favicon.ico, apple-touch-icon.png, icon-192.png, icon-512.png, icon-maskable-512.png. `social`: social.jpg of 1200×630.',
  ),
  v.examples([['icons'], [{ file: 'og/home.jpg', width: 1200, height: 630 }]]),
)

export type WrittenFile = v.InferOutput<typeof NamedFileSchema>
