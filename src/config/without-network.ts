import type { ResolvedOptions } from './options.ts'

/** For what promises to open no connection: nothing is requested, and no shared store is asked. */
export function withoutNetwork(options: ResolvedOptions): ResolvedOptions {
  return { ...options, mode: 'frozen', store: undefined }
}
