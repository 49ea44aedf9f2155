import * as v from 'valibot'

import { fields } from '../../schema/fields.ts'
import { OutputSchema } from './output/output-schema.ts'
import {
  MAX_REFERENCES,
  ParamsSchema,
  ReferenceSchema,
  SizeSchema,
  VariablesSchema,
} from './request-schema.ts'
import { filled, text } from './text-schema.ts'
import { VariantsSchema } from './variants-schema.ts'

/** What both an image and `defaults` may say. */
const sharedFields = {
  style: v.exactOptional(
    text(
      'Joined to the prompt after a blank line. `style: ""` drops a style of the defaults.',
      'Flat vector, soft morning light',
    ),
  ),
  size: v.exactOptional(SizeSchema),
  provider: v.exactOptional(
    filled(
      'The provider to ask, by its name in the option `providers`. Without it: the one of the option `provider`.',
      'photos',
    ),
  ),
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

const imageFields = {
  prompt: v.exactOptional(
    filled(
      'What the picture shows. `{{name}}` puts in a variable; write `{{{{` for two literal braces.',
      'A lighthouse on a cliff, seen from the sea',
    ),
  ),
  source: v.exactOptional(
    filled(
      'A picture of the project instead of a generated one, relative to this manifest: PNG, JPEG, WebP or AVIF. Nothing is requested. It is turned upright and loses its metadata. Beside a `prompt` it wins, and the picture of the prompt is kept.',
      './photos/ana.jpg',
    ),
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
  variants: v.exactOptional(VariantsSchema),
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

/**
 * A manifest as it is written. Without `images`, the fields of its one image stand at the root.
 *
 * The types below, the parser and the JSON Schema for editors all come from this schema. Rules that
 * span several fields are checked later, once `defaults` and `extends` are applied.
 */
export const ManifestSchema = v.pipe(
  fields({
    $schema: v.exactOptional(text('Where an editor finds the schema of this file.')),
    extends: v.exactOptional(
      filled(
        'Another manifest, relative to this one, or the export of a package (`@acme/brand/style.image.yaml`), whose `defaults` and `vars` lie under the ones of this manifest.',
        './brand.image.yaml',
      ),
    ),
    defaults: v.exactOptional(DefaultsSchema),
    images: v.exactOptional(
      v.pipe(v.record(v.string(), ImageSchema), v.description('The images, by name.')),
    ),
    ...imageFields,
  }),
  v.title('Image manifest'),
  v.description(
    'Images that the build makes from prompts. Either `images`, or `prompt` or `source` at the root for a single image.',
  ),
)

export type WrittenManifest = v.InferOutput<typeof ManifestSchema>
export type WrittenImage = v.InferOutput<typeof ImageSchema>

/** The keys of an image that stand at the root of a manifest of a single image. The root has `vars` of its own. */
export const IMAGE_KEYS: readonly string[] = Object.keys(imageFields).filter(key => key !== 'vars')
