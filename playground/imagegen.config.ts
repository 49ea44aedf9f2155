import type { Options } from 'unplugin-imagegen'
import { tideChart } from './tide-chart.ts'

/** Set by tests and by `npm run playground:dev`, which keep their caches to themselves. */
const { PLAYGROUND_CACHE: cache } = process.env

export default {
  // The playground's API server is on this machine; LLMEASY_BASE_URL says at which port.
  provider: { concurrency: 4 },
  // Draws by itself; an image names it by `provider: chart`.
  providers: { chart: { use: tideChart } },
  budget: { images: 20 },
  ...(cache && { cacheDir: `${cache}/originals`, renditionsDir: `${cache}/renditions` }),
} satisfies Options
