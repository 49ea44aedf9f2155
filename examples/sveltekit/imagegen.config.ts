import type { Options } from 'unplugin-imagegen'

export default {
  // Beside the manifests: the tsconfig that Kit generates has `rootDirs` of its own.
  types: 'sidecar',
  output: { formats: ['avif', 'webp', 'jpeg'], widths: [320, 640], placeholder: 'blur' },
} satisfies Options
