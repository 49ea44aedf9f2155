import type { Options } from 'unplugin-imagegen'

export default {
  // Whoever builds these pages has no key: `npm run docs:pictures` draws what is missing.
  mode: 'draft',
  include: ['*.image.yaml'],
} satisfies Options
