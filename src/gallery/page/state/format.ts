const STEPS = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['week', 604_800],
  ['month', 2_629_800],
  ['year', 31_557_600],
] as const

/** `3 days ago`; both times in milliseconds. */
export function formatAge(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000)
  if (seconds < 45) return 'just now'
  const step = STEPS.findLast(([, length]) => seconds >= length * 0.95) ?? STEPS[0]
  const count = Math.max(1, Math.round(seconds / step[1]))
  return `${counted(count, step[0])} ago`
}

/** `1:05`, or `1:02:05` from an hour on; milliseconds. */
export function formatElapsed(duration: number): string {
  const seconds = Math.max(0, Math.floor(duration / 1000))
  const pad = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0
    ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}`
    : `${minutes}:${pad(seconds % 60)}`
}

/** `1536 × 1024` from `1536x1024`; other texts stay as they are. */
export function formatSize(size: string): string {
  return size.replace(/^(\d+)x(\d+)$/, '$1 × $2')
}

/** `1 picture`, `3 pictures`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : `${noun}s`}`
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** `WebP`, `AVIF` */
export function formatName(format: string): string {
  return format === 'webp' ? 'WebP' : format.toUpperCase()
}
