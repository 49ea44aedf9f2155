import type { NextConfig } from 'next'
import { withImagegen } from 'unplugin-imagegen/next'

const config: NextConfig = {
  ...(process.env.STATIC && { output: 'export', images: { unoptimized: true } }),
}

export default withImagegen(config)
