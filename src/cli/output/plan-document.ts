import * as v from 'valibot'

const state = v.picklist([
  'ready',
  'missing',
  'uncertain',
  'corrupt',
  'unusable',
  'refused',
  'newer',
])
const number = v.pipe(v.number(), v.integer(), v.minValue(0))

const plannedImage = v.strictObject({
  manifest: v.pipe(
    v.string(),
    v.description('Path relative to the project root, with forward slashes.'),
  ),
  name: v.pipe(v.string(), v.description('Name of the image in its manifest.')),
  revision: v.exactOptional(
    v.pipe(number, v.description('Only if another revision than the manifest’s was requested.')),
  ),
  key: v.pipe(
    v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
    v.description('Identity of the request; null while a referenced image is missing.'),
  ),
  state: v.pipe(
    state,
    v.description(
      'ready: present. missing: would be generated. uncertain: an attempt was sent and its outcome is unknown. corrupt: the stored file is damaged. unusable: the API’s answer held no usable picture; it is requested again only on demand. refused: the API refused this request; likewise. newer: a newer version wrote it and has to read it.',
    ),
  ),
  where: v.exactOptional(
    v.pipe(
      v.picklist(['local', 'shared']),
      v.description('Of a ready image: where it comes from, this machine or the shared store.'),
    ),
  ),
  endpoint: v.picklist(['generations', 'edits']),
  source: v.exactOptional(
    v.pipe(
      v.string(),
      v.description(
        'Of a source image: its file, relative to the project root. Nothing is requested for it.',
      ),
    ),
  ),
  size: v.pipe(v.string(), v.description('The requested size, such as 1536x1024.')),
  price: v.exactOptional(
    v.pipe(
      v.number(),
      v.description('The expected cost of one picture, if `budget.prices` has it.'),
    ),
  ),
  reason: v.exactOptional(
    v.pipe(v.string(), v.description('The reason, in words, why it is not ready.')),
  ),
})

const position = v.pipe(v.number(), v.integer(), v.minValue(1))

const manifestFault = v.strictObject({
  file: v.pipe(
    v.string(),
    v.description('Path relative to the project root, with forward slashes.'),
  ),
  line: position,
  column: position,
  code: v.pipe(v.string(), v.description('The code of the error.')),
  message: v.pipe(v.string(), v.description('The fault, and what to write instead.')),
})

/** What `imagegen plan --json` prints; the published JSON Schema is made from it. */
export const planDocumentSchema = v.pipe(
  v.strictObject({
    version: v.literal(1),
    images: v.pipe(
      v.array(plannedImage),
      v.description('In the order of generation: each image follows its references.'),
    ),
    keep: v.exactOptional(
      v.pipe(
        v.array(
          v.strictObject({
            because: v.pipe(
              v.array(v.picklist(['model', 'prompt'])),
              v.description('The only parts of their requests that changed.'),
            ),
            images: v.pipe(number, v.description('How many missing images.')),
          }),
        ),
        v.description(
          'Missing images whose earlier pictures could be kept, by what changed: see `imagegen keep`.',
        ),
      ),
    ),
    faults: v.exactOptional(
      v.pipe(
        v.array(manifestFault),
        v.description(
          'Faults of manifests, whose images are not in this plan. Only if there are any; the command then ends with 1.',
        ),
      ),
    ),
    summary: v.strictObject({
      ready: number,
      missing: number,
      uncertain: number,
      corrupt: number,
      unusable: number,
      refused: number,
      newer: number,
      requests: v.pipe(
        number,
        v.description('The number of requests that `imagegen generate` would send.'),
      ),
      budget: v.pipe(
        number,
        v.description('The number of images that may be requested within any 60 minutes.'),
      ),
      budgetUsed: v.exactOptional(
        v.pipe(
          number,
          v.description(
            'How many of these are used, by all processes on this cache. Only if something would be requested.',
          ),
        ),
      ),
      spend: v.exactOptional(
        v.pipe(
          v.number(),
          v.description('How much may be spent within any 60 minutes, if `budget.spend` is set.'),
        ),
      ),
      spendUsed: v.exactOptional(
        v.pipe(
          v.number(),
          v.description(
            'How much of that is used, by all processes on this cache. Only if something would be requested.',
          ),
        ),
      ),
      cost: v.exactOptional(
        v.pipe(
          v.number(),
          v.description('Sum of the known prices of the images that would be generated.'),
        ),
      ),
      currency: v.exactOptional(
        v.pipe(v.string(), v.description('Of every amount, as ISO 4217 names it.')),
      ),
      unpriced: v.exactOptional(
        v.pipe(number, v.description('The number of requests without a price.')),
      ),
    }),
  }),
  v.title('imagegen plan'),
  v.description('What a build would generate, what is present, and why.'),
)

/** What `imagegen plan --json` prints. */
export type PlanDocument = v.InferOutput<typeof planDocumentSchema>
export type PlanDocumentImage = PlanDocument['images'][number]
