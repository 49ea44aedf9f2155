import type { ResolvedOptions } from '../config/options.ts'

/** For commands that promise to open no connection: nothing is bought, and no shared store is asked. */
export function withoutNetwork(options: ResolvedOptions): ResolvedOptions {
  return { ...options, mode: 'frozen', store: undefined }
}
