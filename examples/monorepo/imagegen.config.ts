import type { Options } from 'unplugin-imagegen'

// At the workspace's root: one cache and one budget for all of its packages.
export default {
  // Beside the manifests, so that imports by a package's name are typed too.
  types: 'sidecar',
  output: { formats: ['avif', 'webp', 'jpeg'], widths: [320, 640], placeholder: 'blur' },
} satisfies Options
