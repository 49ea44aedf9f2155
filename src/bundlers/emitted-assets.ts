import path from 'node:path'
import type { AssetFile } from '../module/image-template.ts'
import { plainAssetName } from './asset-name.ts'

/** What Rollup, Rolldown and Vite have in common where a file is emitted. */
export interface EmitContext {
  emitFile(asset: {
    type: 'asset'
    source: Uint8Array
    name?: string
    fileName?: string
    needsCodeReference?: boolean
  }): string
}

/** One file of a bundle about to be written, as far as it matters here. */
export type OutputFile =
  | { readonly type: 'chunk'; readonly code: string }
  | { readonly type: 'asset'; readonly source: string | Uint8Array }

/** The files that one build of a Rollup-like host emitted, under the host's references. */
export interface EmittedAssets {
  emit(context: EmitContext, file: AssetFile, source: Uint8Array): string
  /** Notes of which references a rendered chunk has the URL. */
  markReferenced(isReferenced: (reference: string) => boolean): void
  /**
   * Removes from a bundle what no code refers to. Rollup does that by itself
   * (`needsCodeReference`); Rolldown does not, and Vite's own tokens hide the reference from it.
   */
  prune(fileNameOf: (reference: string) => string, bundle: Record<string, OutputFile>): void
  reset(): void
}

export function createEmittedAssets(needsCodeReference: boolean): EmittedAssets {
  const droppable = new Set<string>()
  const referenced = new Set<string>()
  return {
    emit(context, file, source) {
      if (file.fixedName) {
        return context.emitFile({ type: 'asset', source, fileName: file.fixedName })
      }
      const reference = context.emitFile({
        type: 'asset',
        source,
        name: plainAssetName(file),
        ...(needsCodeReference && { needsCodeReference }),
      })
      droppable.add(reference)
      return reference
    },
    markReferenced(isReferenced) {
      for (const reference of droppable) {
        if (isReferenced(reference)) referenced.add(reference)
      }
    },
    prune(fileNameOf, bundle) {
      const kept = new Set([...referenced].map(fileNameOf))
      const dropped = new Set([...droppable].map(fileNameOf))
      for (const fileName of dropped) {
        // Several references may share a file, and older hosts do not tell what they resolved.
        if (!kept.has(fileName) && !isNamedIn(fileName, bundle)) delete bundle[fileName]
      }
    },
    reset() {
      droppable.clear()
      referenced.clear()
    },
  }
}

function isNamedIn(fileName: string, bundle: Readonly<Record<string, OutputFile>>): boolean {
  const base = path.posix.basename(fileName)
  return Object.values(bundle).some(file => {
    const text = file.type === 'chunk' ? file.code : file.source
    return typeof text === 'string' && text.includes(base)
  })
}
