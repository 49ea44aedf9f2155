import * as v from 'valibot'
import { COLOR, POSITION } from '../../../config/parse-output.ts'
import { fields } from '../../../schema/fields.ts'
import { RASTER_FORMATS } from '../../../system/picture-format.ts'
import { filled } from '../text-schema.ts'
import { NamedFilesSchema } from './named-files-schema.ts'

const QualitySchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))
const FormatSchema = v.picklist(RASTER_FORMATS)

/** How a picture looks in its files. */
const appearanceFields = {
  formats: v.exactOptional(
    v.pipe(
      v.array(FormatSchema),
      v.minLength(1),
      v.check(values => new Set(values).size === values.length),
      v.metadata({ uniqueItems: true }),
      v.description(
        'File formats, best first. The last one is the fallback for every browser. Default: the format of the original.',
      ),
      v.examples([['avif', 'webp', 'png']]),
    ),
  ),
  widths: v.exactOptional(
    v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_383))),
      v.minLength(1),
      v.check(values => new Set(values).size === values.length),
      v.metadata({ uniqueItems: true }),
      v.description(
        'Widths in pixels, for `srcset`. Widths above that of the original are dropped: nothing is scaled up.',
      ),
      v.examples([[640, 1280, 2048]]),
    ),
  ),
  width: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(16_383),
      v.description(
        'Width in pixels of a picture with one size on every page. Use it instead of `widths`.',
      ),
      v.examples([96]),
    ),
  ),
  densities: v.exactOptional(
    v.pipe(
      v.array(v.pipe(v.number(), v.minValue(1), v.maxValue(4))),
      v.minLength(1),
      v.check(values => new Set(values).size === values.length),
      v.metadata({ uniqueItems: true }),
      v.description(
        'Pixel densities of screens for a picture of fixed `width`, besides 1. `srcset` has one file for each.',
      ),
      v.examples([[1, 2]]),
    ),
  ),
  quality: v.exactOptional(
    v.pipe(
      v.union([
        QualitySchema,
        fields({
          png: v.exactOptional(QualitySchema),
          jpeg: v.exactOptional(QualitySchema),
          webp: v.exactOptional(QualitySchema),
          avif: v.exactOptional(QualitySchema),
        }),
      ]),
      v.description(
        "Quality of the encoders, 1 to 100, for all formats or per format. Default: each encoder's own default. PNG is lossless and has no quality.",
      ),
      v.examples([75, { avif: 50, jpeg: 80 }]),
    ),
  ),
  effort: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(9),
      v.description(
        'Effort of the encoders: 1 is fast, 9 is slow and gives smaller files. JPEG uses it from 7 on.',
      ),
    ),
  ),
  aspect: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d{0,4}:[1-9]\d{0,4}$/),
      v.metadata({ patternErrorMessage: 'Write a ratio of whole numbers, like "16:9".' }),
      v.description(
        'Aspect ratio, width to height, in whole numbers. Without it nothing is cropped.',
      ),
      v.examples(['16:9', '1:1', '1200:630']),
    ),
  ),
  fit: v.exactOptional(
    v.pipe(
      v.picklist(['cover', 'contain', 'fill', 'inside', 'outside']),
      v.description(
        'How the picture is fitted to `aspect`: `cover` crops, `contain` adds borders, `fill` stretches, `inside` and `outside` keep the proportions. Default: `cover`.',
      ),
      v.metadata({ default: 'cover' }),
    ),
  ),
  position: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(POSITION),
      v.metadata({
        patternErrorMessage:
          'Write `center`, a side or a corner like `top left`, `attention`, `entropy`, or a point like `30% 60%`.',
      }),
      v.description(
        'What a crop keeps: `center`, a side or a corner like `top left`, `attention` (what catches the eye), `entropy` (where most happens), or a point like `30% 60%`. Default: `center`.',
      ),
      v.examples(['attention', 'top', '30% 60%']),
    ),
  ),
  background: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(COLOR),
      v.metadata({ patternErrorMessage: 'Write a colour like "#f59e0b".' }),
      v.description(
        'The colour behind transparent pixels in JPEG, which has no transparency. Without it they turn white, with a warning.',
      ),
      v.examples(['#0f172a']),
    ),
  ),
  placeholder: v.exactOptional(
    v.pipe(
      v.picklist(['none', 'color', 'blur', 'thumbhash']),
      v.description('The tiny preview that pages show while the picture loads. Default: `none`.'),
      v.metadata({
        default: 'none',
        enumDescriptions: [
          'no preview',
          'the dominant colour',
          'a blurred picture of a few hundred bytes, as a data URL',
          'a ThumbHash, which a script of the page decodes',
        ],
      }),
    ),
  ),
}

/** What is made of an original. */
export const OutputSchema = v.pipe(
  fields({
    ...appearanceFields,
    file: v.exactOptional(
      filled(
        'Emit the picture under exactly this name, relative to the output directory, for example for <meta> tags. Its extension must match the fallback format.',
        'og/home.png',
      ),
    ),
    files: v.exactOptional(NamedFilesSchema),
  }),
  v.description(
    'Formats, widths and crops of the files that pages use. Without it the asset is the original PNG, byte for byte.',
  ),
)

export const VariantOutputSchema = v.pipe(
  fields(appearanceFields),
  v.description("Another crop, or other formats and widths, merged over the image's own `output`."),
)

export type WrittenOutput = v.InferOutput<typeof OutputSchema>
