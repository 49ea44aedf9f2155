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
  manifest: v.pipe(v.string(), v.description('Path relative to the project root, with slashes.')),
  name: v.pipe(v.string(), v.description('Name of the image in its manifest.')),
  revision: v.exactOptional(
    v.pipe(number, v.description('Only when another revision than the manifest’s was asked for.')),
  ),
  key: v.pipe(
    v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
    v.description('Identity of the request; null while an image that it refers to is missing.'),
  ),
  state: v.pipe(
    state,
    v.description(
      'ready: there. missing: would be bought. uncertain: an attempt was sent and its outcome is not known. corrupt: what is stored is not what it should be. unusable: the API’s answer was no usable picture; it is not requested again without being told to. refused: the API refused just this request; likewise. newer: it was written by a newer version, which has to read it.',
    ),
  ),
  where: v.exactOptional(
    v.pipe(
      v.picklist(['local', 'shared']),
      v.description(
        'Of a ready image: it was on this machine, or was copied from the shared store just now.',
      ),
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
  size: v.pipe(v.string(), v.description('The size that is asked for, such as 1536x1024.')),
  price: v.exactOptional(
    v.pipe(
      v.number(),
      v.description('What one picture is expected to cost, when `budget.prices` says so.'),
    ),
  ),
  reason: v.exactOptional(v.pipe(v.string(), v.description('In words: why it is not ready.'))),
})

/** What `imagegen plan --json` prints; the published JSON Schema is made from it. */
export const planDocumentSchema = v.pipe(
  v.strictObject({
    version: v.literal(1),
    images: v.pipe(
      v.array(plannedImage),
      v.description('In buying order: each image comes after those that it refers to.'),
    ),
    keep: v.exactOptional(
      v.pipe(
        v.array(
          v.strictObject({
            because: v.pipe(
              v.array(v.picklist(['model', 'prompt'])),
              v.description('What changed about their requests, and nothing else.'),
            ),
            images: v.pipe(number, v.description('How many missing images.')),
          }),
        ),
        v.description(
          'Missing images whose earlier pictures could stay, by what changed: see `imagegen keep`.',
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
      requests: v.pipe(number, v.description('How many requests `imagegen generate` would send.')),
      budget: v.pipe(
        number,
        v.description('How many images may be requested within any 60 minutes.'),
      ),
      budgetUsed: v.exactOptional(
        v.pipe(
          number,
          v.description(
            'How many of these were requested or are about to be, by all processes on this cache. Only when something would be requested.',
          ),
        ),
      ),
      spend: v.exactOptional(
        v.pipe(
          v.number(),
          v.description(
            'How much may be spent within any 60 minutes, when `budget.spend` bounds it.',
          ),
        ),
      ),
      spendUsed: v.exactOptional(
        v.pipe(
          v.number(),
          v.description(
            'How much of that was spent or is about to be, by all processes on this cache. Only when something would be requested.',
          ),
        ),
      ),
      cost: v.exactOptional(
        v.pipe(
          v.number(),
          v.description('Sum of the known prices of what would be bought, when there are any.'),
        ),
      ),
      currency: v.exactOptional(
        v.pipe(v.string(), v.description('Of every amount, as ISO 4217 names it.')),
      ),
      unpriced: v.exactOptional(
        v.pipe(number, v.description('How many of the requests have no price.')),
      ),
    }),
  }),
  v.title('imagegen plan'),
  v.description('What a build would buy, what is there, and why.'),
)

/** What `imagegen plan --json` prints. */
export type PlanDocument = v.InferOutput<typeof planDocumentSchema>
export type PlanDocumentImage = PlanDocument['images'][number]
