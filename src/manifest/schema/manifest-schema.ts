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
      'Added to the prompt after a blank line. `style: ""` removes the style of `defaults`.',
      'Flat vector, soft morning light',
    ),
  ),
  size: v.exactOptional(SizeSchema),
  provider: v.exactOptional(
    filled(
      'The provider that generates the image, by its name in the option `providers`. Default: the option `provider`.',
      'photos',
    ),
  ),
  model: v.exactOptional(
    filled('The model that generates the image. Default: the model of the options.', 'gpt-image-2'),
  ),
  revision: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(Number.MAX_SAFE_INTEGER),
      v.description(
        'Change this number to get another picture of the same request. Pictures of other revisions are kept. Default: 1.',
      ),
      v.metadata({ default: 1 }),
    ),
  ),
  params: v.exactOptional(ParamsSchema),
  alt: v.exactOptional(
    text('Alternative text, passed to the page unchanged.', 'Lighthouse on a cliff'),
  ),
  output: v.exactOptional(OutputSchema),
  vars: v.exactOptional(VariablesSchema),
}

const imageFields = {
  prompt: v.exactOptional(
    filled(
      'What the picture shows. `{{name}}` inserts a variable. Write `{{{{` for two literal braces.',
      'A lighthouse on a cliff, seen from the sea',
    ),
  ),
  source: v.exactOptional(
    filled(
      'A picture file of the project instead of a generated one, relative to this manifest: PNG, JPEG, WebP or AVIF. Nothing is requested. The picture is turned upright and loses its metadata. If the image also has a `prompt`, `source` is used and the generated picture is kept.',
      './photos/ana.jpg',
    ),
  ),
  references: v.exactOptional(
    v.pipe(
      v.array(ReferenceSchema),
      v.maxLength(MAX_REFERENCES),
      v.description(
        `Pictures that the request edits, at most ${MAX_REFERENCES}. Their content and order are part of the request.`,
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
        'Makes one image for each combination of values, named `<name>-<value>-<value>`. Use the values as variables: `{{theme}}`. At most 256 combinations.',
      ),
      v.examples([{ theme: ['light', 'dark'], locale: ['en', 'de'] }]),
    ),
  ),
}

export const ImageSchema = v.pipe(fields(imageFields), v.description('One image.'))

const DefaultsSchema = v.pipe(
  fields(sharedFields),
  v.description(
    'Settings of every image that does not set its own. `output`, `params` and `vars` are merged key by key.',
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
    $schema: v.exactOptional(text('The schema that editors use for this file.')),
    extends: v.exactOptional(
      filled(
        'Another manifest to take `defaults` and `vars` from: a path relative to this one, or an export of a package (`@acme/brand/style.image.yaml`). This manifest wins.',
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
    'Images that the build generates from prompts. Write `images`, or `prompt` or `source` at the root for a single image.',
  ),
)

export type WrittenManifest = v.InferOutput<typeof ManifestSchema>
export type WrittenImage = v.InferOutput<typeof ImageSchema>

/** The keys of an image that stand at the root of a manifest of a single image. The root has `vars` of its own. */
export const IMAGE_KEYS: readonly string[] = Object.keys(imageFields).filter(key => key !== 'vars')
