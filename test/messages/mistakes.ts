import type { Files } from '../support/folder.ts'

/** Something that people get wrong, and the command that they run then. */
export interface Mistake {
  readonly title: string
  /** What `src/site.image.yaml` holds; `false`: there is none. */
  readonly manifest?: string | false
  /** What `imagegen.config.js` holds. */
  readonly config?: string
  readonly files?: Files
  /** @default ['plan'] */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether no API key is set. */
  readonly withoutKey?: boolean
  /** What the API answers to every request. */
  readonly reply?: { readonly status?: number; readonly body?: object | string }
}

const LOGO_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"></svg>\n'
const POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:${'0123456789abcdef'.repeat(4)}
size 12345
`

/** A manifest of a lighthouse by day and by night, with these lines for the one of the day. */
const site = (...lines: readonly string[]): string =>
  `images:
  hero:
${lines.map(line => `    ${line}\n`).join('')}  hero-night:
    prompt: The same scene at night
    references: [{ image: hero }]
`

const options = (text: string): string => `export default ${text}\n`

export const MANIFEST_MISTAKES: readonly Mistake[] = [
  { title: 'size is one number', manifest: site('prompt: A lighthouse', 'size: 1920') },
  {
    title: 'size is not one of the API',
    manifest: site('prompt: A lighthouse', 'size: 1920x1080'),
  },
  { title: 'a key is misspelt', manifest: site('promt: A lighthouse') },
  { title: 'alt is called altText', manifest: site('prompt: A lighthouse', 'altText: A tower') },
  { title: 'no prompt', manifest: site('size: 1024x1024') },
  { title: 'a prompt is empty', manifest: site('prompt: ""') },
  { title: 'a prompt is a number', manifest: site('prompt: 1984') },
  {
    title: 'an image is referred to by its bare name',
    manifest:
      'images:\n  hero: { prompt: A lighthouse }\n  dusk: { prompt: Dusk, references: [hero] }\n',
  },
  {
    title: 'references is one path',
    manifest: site('prompt: A lighthouse', 'references: ./logo.png'),
  },
  {
    title: 'a referenced file is missing',
    manifest: site('prompt: A lighthouse', 'references: [./logo.png]'),
  },
  {
    title: 'a referenced image is misspelt',
    manifest:
      'images:\n  hero: { prompt: A lighthouse }\n  dusk: { prompt: Dusk, references: [{ image: heroe }] }\n',
  },
  {
    title: 'a referenced manifest is misspelt',
    manifest: site(
      'prompt: A lighthouse',
      'references: [{ manifest: ./brnad.image.yaml, image: logo }]',
    ),
    files: { 'src/brand.image.yaml': 'images: { logo: { prompt: A logo } }\n' },
  },
  {
    title: 'an image of a referenced manifest is misspelt',
    manifest: site(
      'prompt: A lighthouse',
      'references: [{ manifest: ./brand.image.yaml, image: logos }]',
    ),
    files: { 'src/brand.image.yaml': 'images: { logo: { prompt: A logo } }\n' },
  },
  {
    title: 'a reference is an SVG',
    manifest: site('prompt: A lighthouse', 'references: [./logo.svg]'),
    files: { 'src/logo.svg': LOGO_SVG },
  },
  {
    title: 'a reference is a URL',
    manifest: site('prompt: A lighthouse', 'references: [https://example.com/logo.png]'),
  },
  {
    title: 'a reference is a Git LFS pointer',
    manifest: site('prompt: A lighthouse', 'references: [./logo.png]'),
    files: { 'src/logo.png': POINTER },
  },
  {
    title: 'references form a cycle',
    manifest:
      'images:\n  a: { prompt: A, references: [{ image: b }] }\n  b: { prompt: B, references: [{ image: a }] }\n',
  },
  { title: 'a source is missing', manifest: site('source: ./ana.jpg') },
  { title: 'text with a colon has no quotes', manifest: site('prompt: Night: a lighthouse') },
  { title: 'a colour cuts a prompt off', manifest: site('prompt: A lighthouse in #38bdf8') },
  {
    title: 'lines are indented with tabs',
    manifest: 'images:\n\thero:\n\t\tprompt: A lighthouse\n',
  },
  {
    title: 'blanks are non-breaking ones',
    manifest: 'images:\n\u{a0}\u{a0}hero:\n\u{a0}\u{a0}\u{a0}\u{a0}prompt: A lighthouse\n',
  },
  {
    title: 'marks of a merge conflict are left',
    manifest: `images:
  hero:
<<<<<<< HEAD
    prompt: A lighthouse at dawn
=======
    prompt: A lighthouse at dusk
>>>>>>> branch
`,
  },
  { title: 'a key appears twice', manifest: site('prompt: A lighthouse', 'prompt: A tower') },
  { title: 'images is a list', manifest: 'images:\n  - prompt: A lighthouse\n' },
  { title: 'an image is text', manifest: 'images:\n  hero: A lighthouse\n' },
  {
    title: 'size is beside images',
    manifest: 'size: 1024x1024\nimages:\n  hero: { prompt: A lighthouse }\n',
  },
  {
    title: 'a variable is not defined',
    manifest: site('prompt: "A {{colour}} lighthouse"', 'vars: { color: red }'),
  },
  { title: 'a parameter of the API is at the image', manifest: site('prompt: A', 'quality: high') },
  { title: 'n asks for several pictures', manifest: site('prompt: A', 'params: { n: 4 }') },
  {
    title: 'a format is called jpg',
    manifest: site('prompt: A', 'output: { formats: [avif, jpg] }'),
  },
  { title: 'widths is one number', manifest: site('prompt: A', 'output: { widths: 640 }') },
  { title: 'a quality is too high', manifest: site('prompt: A', 'output: { quality: 200 }') },
  { title: 'an aspect is a number', manifest: site('prompt: A', 'output: { aspect: 1.5 }') },
  {
    title: 'a provider is not in the options',
    manifest: site('prompt: A lighthouse', 'provider: photo'),
    config: options("{ providers: { photos: { preset: 'openai' } } }"),
  },
  { title: 'the manifest is a Git LFS pointer', manifest: POINTER },
]

export const OPTION_MISTAKES: readonly Mistake[] = [
  { title: 'provider is text', config: options("{ provider: 'openai' }") },
  { title: 'budget is a number', config: options('{ budget: 10 }') },
  {
    title: 'an option holds the API key',
    config: options("{ provider: { apiKey: 'sk-1234567890' } }"),
  },
  { title: 'store has no type', config: options("{ store: { bucket: 'pictures' } }") },
  { title: 'store is an address', config: options("{ store: 's3://pictures/site' }") },
  { title: 'an option is misspelt', config: options("{ ouput: { formats: ['avif'] } }") },
  { title: 'an option has a word that is none', config: options("{ mode: 'production' }") },
  { title: 'widths hold text', config: options("{ output: { widths: ['640'] } }") },
  {
    title: 'the base URL is not encrypted',
    config: options("{ provider: { baseURL: 'http://api.example.com/v1' } }"),
  },
  { title: 'the configuration has no default export', config: 'export const config = {}\n' },
  { title: 'the configuration exports a function', config: options('() => ({})') },
  { title: 'the configuration cannot be parsed', config: options('{ mode: }') },
  {
    title: 'the configuration imports a package that is not installed',
    config: `import 'not-installed'\n${options('{}')}`,
  },
  {
    title: 'the configuration is CommonJS',
    files: { 'imagegen.config.cjs': 'module.exports = {}\n' },
  },
  {
    title: 'the configuration is not valid JSON',
    files: { 'imagegen.config.json': '{ "mode": }\n' },
  },
  { title: 'IMAGEGEN_MODE is misspelt', env: { IMAGEGEN_MODE: 'frosen' } },
]

export const COMMAND_MISTAKES: readonly Mistake[] = [
  { title: 'a command is misspelt', args: ['genrate'] },
  { title: 'a flag is misspelt', args: ['plan', '--jsn'] },
  { title: 'a flag has no number', args: ['generate', '--budget', 'many'] },
  { title: 'an image is misspelt', args: ['plan', 'src/site.image.yaml#heroe'] },
  { title: 'a manifest is misspelt', args: ['plan', 'src/sites.image.yaml'] },
  {
    title: 'a file is not named like a manifest',
    args: ['plan', 'src/site.images.yaml'],
    files: { 'src/site.images.yaml': 'images: {}\n' },
  },
  {
    title: 'manifests are named *.images.yaml',
    manifest: false,
    files: { 'src/site.images.yaml': 'images: {}\n' },
  },
  { title: 'there is no manifest', manifest: false },
  { title: 'the configuration is not there', args: ['plan', '--config', 'config/images.ts'] },
]

export const API_MISTAKES: readonly Mistake[] = [
  { title: 'the key is not set', args: ['generate'], withoutKey: true },
  {
    title: 'the key is wrong',
    args: ['generate'],
    env: { LLMEASY_API_KEY: 'sk-of-another-account' },
  },
  {
    title: 'the model does not exist',
    args: ['generate'],
    reply: {
      status: 404,
      body: {
        error: { message: 'The model `gpt-image-9` does not exist.', code: 'model_not_found' },
      },
    },
  },
  {
    title: 'the path does not exist',
    args: ['generate'],
    reply: { status: 404, body: '<!doctype html><title>404 Not Found</title>' },
  },
  {
    title: 'a page comes instead of an answer',
    args: ['generate'],
    reply: { status: 200, body: '<!doctype html><title>Sign in</title>' },
  },
  {
    title: 'the account is empty',
    args: ['generate'],
    reply: {
      status: 429,
      body: { error: { message: 'You exceeded your quota.', code: 'insufficient_quota' } },
    },
  },
  {
    title: 'the prompt is refused',
    args: ['generate'],
    reply: {
      status: 400,
      body: { error: { message: 'Rejected by the safety system.', code: 'moderation_blocked' } },
    },
  },
]
