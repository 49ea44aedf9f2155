import * as v from 'valibot'

import { fields } from '../../schema/fields.ts'
import { RASTER_FORMATS } from '../../system/picture-format.ts'

import { SIZES } from '../sizes.ts'

/**
 * The written form of a manifest. This is the one source of the types below, of what the parser
 * accepts, and of the JSON Schema that editors read. Rules that span several fields are checked
 * after it, once `defaults` and `extends` are applied.
 */

/** Most references that one request takes. */
export const MAX_REFERENCES = 16

/** The size that the API's documentation names as its default. */
export const DEFAULT_SIZE = '1024x1024'

/** Sides that providers of free sizes accept: multiples of 16, up to 3840. */
const FREE_SIDE = `(?:${Array.from({ length: 240 }, (_, index) => 16 * (index + 1)).join('|')})`
const EDITOR_SIZES = [
  {
    enum: SIZES.map(({ size }) => size),
    enumDescriptions: SIZES.map(({ ratio, use }) => (ratio ? `${ratio}, ${use}` : use)),
  },
  {
    pattern: `^${FREE_SIDE}x${FREE_SIDE}$`,
    patternErrorMessage: `Not a size that the API makes. Possible: ${SIZES.map(({ size }) => size).join(', ')}.`,
  },
]

const text = (description: string, ...examples: string[]) =>
  v.pipe(v.string(), v.description(description), v.examples(examples))

const filled = (description: string, ...examples: string[]) =>
  v.pipe(
    v.string(),
    v.regex(/\S/),
    v.description(description),
    v.examples(examples),
    v.metadata({ patternErrorMessage: 'This is empty.' }),
  )

const FormatSchema = v.picklist(RASTER_FORMATS)

export const VariablesSchema = v.pipe(
  v.record(v.string(), v.union([v.string(), v.pipe(v.number(), v.finite())])),
  v.description(
    'Variables for `{{name}}` in prompt, style, alt, references and output.file. Text or numbers; a number is put in as it is written (`1.10`). Nearer ones win: image, then defaults, then the root, then what is extended.',
  ),
  v.examples([{ brand: 'Northlight', year: 2026 }]),
)

export const OutputSchema = v.pipe(
  fields({
    formats: v.exactOptional(
      v.pipe(
        v.array(FormatSchema),
        v.minLength(1),
        v.check(values => new Set(values).size === values.length),
        v.metadata({ uniqueItems: true }),
        v.description(
          'File formats, best first; the last one is the fallback that every browser gets. Without it: the format of the original.',
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
          'Widths in pixels, for `srcset`. Widths above the width of the original are dropped, never scaled up.',
        ),
        v.examples([[640, 1280, 2048]]),
      ),
    ),
    quality: v.exactOptional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(100),
        v.description("Quality of the encoders, 1 to 100. Without it: each encoder's own default."),
      ),
    ),
    aspect: v.exactOptional(
      v.pipe(
        v.string(),
        v.regex(/^[1-9]\d{0,4}:[1-9]\d{0,4}$/),
        v.metadata({ patternErrorMessage: 'Write a ratio of whole numbers, like "16:9".' }),
        v.description(
          'Width to height, in whole numbers. Nothing is cropped unless this is written.',
        ),
        v.examples(['16:9', '1:1', '1200:630']),
      ),
    ),
    fit: v.exactOptional(
      v.pipe(
        v.picklist(['cover', 'contain', 'fill', 'inside', 'outside']),
        v.description(
          'How the picture is brought to `aspect`: `cover` crops, `contain` adds borders, `fill` stretches, `inside` and `outside` keep the proportions. Default: `cover`.',
        ),
        v.metadata({ default: 'cover' }),
      ),
    ),
    placeholder: v.exactOptional(
      v.pipe(
        v.picklist(['none', 'color', 'blur', 'thumbhash']),
        v.description('The tiny preview that is shown while the picture loads. Default: `none`.'),
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
    file: v.exactOptional(
      filled(
        'Emit the picture under this very name, relative to the output directory, for instance for <meta> tags. Its extension is that of the fallback format.',
        'og/home.png',
      ),
    ),
  }),
  v.description(
    'What is made of the original. Without it the asset is the original PNG, byte for byte.',
  ),
)

export const ParamsSchema = v.pipe(
  v.record(
    v.string(),
    v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean(), v.null()]),
  ),
  v.description(
    'Further fields of the API, sent as they are. They belong to the request: changing one asks for a new picture.',
  ),
  v.examples([{ quality: 'high', background: 'transparent' }]),
)

export const SizeSchema = v.pipe(
  v.string(),
  v.description(
    'The size to ask for, in pixels. The API may adjust it; what counts afterwards is the picture. Default: `1024x1024`.',
  ),
  // Which sizes there are hangs on the provider, so the parser asks it. Editors show these.
  v.metadata({ default: DEFAULT_SIZE, anyOf: EDITOR_SIZES }),
)

/** What both an image and `defaults` may say. */
const sharedFields = {
  style: v.exactOptional(
    text(
      'Joined to the prompt after a blank line. `style: ""` drops a style of the defaults.',
      'Flat vector, soft morning light',
    ),
  ),
  size: v.exactOptional(SizeSchema),
  model: v.exactOptional(
    filled('The model to ask. Without it: the one of the options.', 'gpt-image-2'),
  ),
  revision: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(Number.MAX_SAFE_INTEGER),
      v.description(
        'Another number asks for another picture of the same request. Pictures of other revisions are kept. Default: 1.',
      ),
      v.metadata({ default: 1 }),
    ),
  ),
  params: v.exactOptional(ParamsSchema),
  alt: v.exactOptional(
    text('Alternative text, handed to the page as it is.', 'Lighthouse on a cliff'),
  ),
  output: v.exactOptional(OutputSchema),
  vars: v.exactOptional(VariablesSchema),
}

export const ReferenceSchema = v.union([
  filled('A picture file, relative to this manifest: PNG, JPEG or WebP.', './refs/ana.png'),
  v.pipe(
    fields({
      image: v.exactOptional(
        filled('Name of the image. Without it: the one image of `manifest`.', 'hero'),
      ),
      manifest: v.exactOptional(
        filled(
          'Another manifest, relative to this one. Without it: this manifest.',
          './brand.image.yaml',
        ),
      ),
    }),
    v.description('Another image, of this manifest or of another one. It is made first.'),
  ),
])

const imageFields = {
  prompt: filled(
    'What the picture shows. `{{name}}` puts in a variable; write `{{{{` for two literal braces.',
    'A lighthouse on a cliff, seen from the sea',
  ),
  references: v.exactOptional(
    v.pipe(
      v.array(ReferenceSchema),
      v.maxLength(MAX_REFERENCES),
      v.description(
        `Pictures to start from, at most ${MAX_REFERENCES}: the request becomes an edit. They count by their content, in this order.`,
      ),
      v.examples([['./refs/ana.png'], [{ image: 'hero' }]]),
    ),
  ),
  ...sharedFields,
  matrix: v.exactOptional(
    v.pipe(
      v.record(
        v.string(),
        v.pipe(
          v.array(v.union([v.string(), v.pipe(v.number(), v.finite())])),
          v.minLength(1),
          v.check(values => new Set(values).size === values.length),
          v.metadata({ uniqueItems: true }),
        ),
      ),
      v.description(
        'Turns this image into one for each combination of values, named `<name>-<value>-<value>`. The values are variables: `{{theme}}`. At most 256 combinations.',
      ),
      v.examples([{ theme: ['light', 'dark'], locale: ['en', 'de'] }]),
    ),
  ),
}

export const ImageSchema = v.pipe(fields(imageFields), v.description('One image.'))

const DefaultsSchema = v.pipe(
  fields(sharedFields),
  v.description(
    'What holds for every image that does not say otherwise. `output`, `params` and `vars` are merged key by key.',
  ),
)

/** A manifest as it is written. Without `images`, the fields of its one image stand at the root. */
export const ManifestSchema = v.pipe(
  fields({
    $schema: v.exactOptional(text('Where an editor finds the schema of this file.')),
    extends: v.exactOptional(
      filled(
        'Another manifest, relative to this one, whose `defaults` and `vars` lie under the ones of this manifest.',
        './brand.image.yaml',
      ),
    ),
    defaults: v.exactOptional(DefaultsSchema),
    images: v.exactOptional(
      v.pipe(v.record(v.string(), ImageSchema), v.description('The images, by name.')),
    ),
    ...imageFields,
    prompt: v.exactOptional(imageFields.prompt),
  }),
  v.title('Image manifest'),
  v.description(
    'Images that the build makes from prompts. Either `images`, or `prompt` at the root for a single image.',
  ),
)

export type WrittenManifest = v.InferOutput<typeof ManifestSchema>
export type WrittenImage = v.InferOutput<typeof ImageSchema>
export type Variables = Readonly<v.InferOutput<typeof VariablesSchema>>

/** Keys of an image that stand at the root when there is a single one. `vars` has a place of its own there. */
export const IMAGE_KEYS: readonly string[] = Object.keys(imageFields).filter(key => key !== 'vars')
