import type { Example, ExampleRefusal } from './example.ts'

/** A page that names an image by URL, which Next.js would answer with a script. */
function byUrl(query: string): ExampleRefusal {
  return {
    file: 'src/app/page.tsx',
    change: text =>
      `const url = new URL('../site.image.yaml${query}', import.meta.url)\n${text.replace('Harbour lights</h1>', 'Harbour lights {url.href}</h1>')}`,
    message: `Next.js takes images by import, not by the URL "src/site.image.yaml${query}".`,
  }
}

/** One site, with each of Next's compilers and versions. */
const NEXT = {
  folder: 'next',
  framework: 'next',
  images: 4,
  unused: ['spare'],
  emitted: 15,
  rasterDrafts: true,
  outputs: ['.next/static', '.next/server'],
  pages: ['/', '/places/night', '/about'],
  rendered: ['/', '/places/night', '/about'],
  scripts: {
    build: 'build',
    start: { script: 'start' },
    dev: { script: 'dev' },
    types: 'types',
  },
  gallery: false,
  refusals: [byUrl('?image=gull')],
} as const satisfies Omit<Example, 'name'>

/** Turbopack does not tell a URL without a query from an import. */
const WEBPACK_REFUSALS = [...NEXT.refusals, byUrl('')]

/** `examples/next` by both compilers of both versions, and as a static site. */
export const NEXT_EXAMPLES: readonly Example[] = [
  {
    ...NEXT,
    name: 'next',
    init: {
      config: 'next.config.ts',
      plugin: 'withImagegen(config)',
      remove: ['.next', 'src/app/places', 'src/app/tide.tsx', 'src/pages'],
      page: [
        'src/app/page.tsx',
        `import hero from '../hero.image.yaml'

export default function Home() {
  return <img src={hero.src} width={hero.width} alt={hero.alt} />
}
`,
      ],
    },
  },
  {
    ...NEXT,
    name: 'next-webpack',
    replacements: [
      ['next dev', 'next dev --webpack'],
      ['next build', 'next build --webpack'],
    ],
    refusals: WEBPACK_REFUSALS,
  },
  {
    ...NEXT,
    name: 'next-static',
    outputs: ['out'],
    replacements: [['next build', 'STATIC=1 next build']],
    scripts: { ...NEXT.scripts, start: { script: 'preview' } },
    noDevelopment: 'as next',
    refusals: [],
  },
  {
    ...NEXT,
    name: 'next-15',
    replacements: [['"next": "16.4.6"', '"next": "15.5.29"']],
    refusals: WEBPACK_REFUSALS,
  },
  {
    ...NEXT,
    name: 'next-15-turbopack',
    // It emits unused ones too.
    emitted: 21,
    // It ends with an error of its own where `new URL()` names what a rule takes.
    refusals: [],
    replacements: [
      ['"next": "16.4.6"', '"next": "15.5.29"'],
      ['next dev', 'next dev --turbopack'],
      ['next build', 'next build --turbopack'],
    ],
  },
]
