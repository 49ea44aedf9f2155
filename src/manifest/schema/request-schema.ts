import * as v from 'valibot'
import { fields } from '../../schema/fields.ts'
import { isJson, type Json } from '../../system/json.ts'
import { SIZES } from '../sizes.ts'
import { filled } from './text-schema.ts'

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
    patternErrorMessage: `The API does not support this size. Possible: ${SIZES.map(({ size }) => size).join(', ')}.`,
  },
]

export const SizeSchema = v.pipe(
  v.string(),
  v.description(
    'The size to request, in pixels. The API may adjust it. The size of the returned picture counts. Default: `1024x1024`.',
  ),
  // The provider decides which sizes there are, so the parser asks it. Editors show these.
  v.metadata({ default: DEFAULT_SIZE, anyOf: EDITOR_SIZES }),
)

export const ParamsSchema = v.pipe(
  v.record(v.string(), v.custom<Json>(isJson)),
  v.description(
    'Further fields of the API, sent unchanged, including lists and mappings. They are part of the request: a change requests a new picture.',
  ),
  v.examples([{ quality: 'high', background: 'transparent' }]),
)

export const VariablesSchema = v.pipe(
  v.record(v.string(), v.union([v.string(), v.pipe(v.number(), v.finite())])),
  v.description(
    'Variables for `{{name}}` in prompt, style, alt, references and output.file. Text or numbers. A number is inserted as written (`1.10`). The nearest value wins: image, then defaults, then the root, then the extended manifest.',
  ),
  v.examples([{ brand: 'Northlight', year: 2026 }]),
)

const fileField = filled(
  'A picture file, relative to this manifest, or an export of a package: PNG, JPEG or WebP.',
  './refs/ana.png',
)

export const ReferenceSchema = v.union([
  fileField,
  v.pipe(
    fields({
      file: v.exactOptional(fileField),
      image: v.exactOptional(
        filled('Name of the image. Default: the only image of `manifest`.', 'hero'),
      ),
      manifest: v.exactOptional(
        filled(
          'Another manifest, relative to this one, or an export of a package. Default: this manifest.',
          './brand.image.yaml',
        ),
      ),
      mask: v.exactOptional(
        filled(
          'A PNG of the same size as the picture, transparent where the picture may change. Relative to this manifest. Only for the first reference, and only if the provider supports masks.',
          './mask.png',
        ),
      ),
    }),
    v.description(
      'Another image of this or another manifest, which is generated first; or a file with a mask.',
    ),
  ),
])

export type Variables = Readonly<v.InferOutput<typeof VariablesSchema>>
