import type { Options } from 'unplugin-imagegen'

export default {
  output: { formats: ['avif', 'webp', 'jpeg'], widths: [320, 640], placeholder: 'blur' },
} satisfies Options
