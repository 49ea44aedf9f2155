import type { ResolvedOptions } from './options.ts'

/** For commands that promise to open no connection: they request nothing and use no shared store. */
export function withoutNetwork(options: ResolvedOptions): ResolvedOptions {
  return { ...options, mode: 'frozen', store: undefined }
}
