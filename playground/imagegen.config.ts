import type { Options } from 'unplugin-imagegen'

export default {
  // The playground's API server is on this machine; LLMEASY_BASE_URL says at which port.
  provider: { concurrency: 4 },
  budget: { images: 20 },
} satisfies Options
