/** What to write where an option has a value of the wrong kind, by its dotted name. */
export function exampleOf(name: string, input: unknown): string | undefined {
  if (name === 'provider') return `provider: { preset: '${presetOf(input)}' }`
  if (name === 'budget') return `budget: { images: ${typeof input === 'number' ? input : 20} }`
  if (name === 'store') return storeOf(input)
  return EXAMPLES[name]
}

const EXAMPLES: Partial<Record<string, string>> = {
  dev: "dev: { generate: 'manual' }",
  exclude: "exclude: ['**/drafts/**']",
  include: "include: ['src/**/*.image.yaml']",
  limits: 'limits: { pixels: 3840 }',
  output: "output: { formats: ['avif', 'webp', 'jpeg'] }",
  'output.formats': "formats: ['avif', 'webp', 'jpeg']",
  'output.widths': 'widths: [640, 1280]',
  'provider.retry': 'retry: { delays: [3_000, 8_000] }',
  'provider.timeout': 'timeout: { total: 600_000 }',
  providers: "providers: { photos: { preset: 'openai' } }",
}

function presetOf(input: unknown): string {
  return typeof input === 'string' && ['llmeasy', 'openai', 'compatible'].includes(input)
    ? input
    : 'openai'
}

/** An address holds what the option holds, in another form. */
function storeOf(input: unknown): string {
  const [, bucket = 'my-bucket', prefix] =
    /^s3:\/\/([\w.-]+)(?:\/([\w./-]+?))?\/?$/.exec(typeof input === 'string' ? input : '') ?? []
  return `store: { type: 's3', bucket: '${bucket}'${prefix ? `, prefix: '${prefix}'` : ''} }`
}
