import type { ImageId } from '../../manifest/image-id.ts'
import type { Key } from '../../plan/image-request.ts'
import type { Adoption } from '../store/entry/decision.ts'
import { type AdoptableFile, adoptFile, inspectFile } from './adopt-file.ts'
import type { Decided, DecidedRequest, DecisionDeps } from './decide.ts'
import { keepOriginal } from './keep-original.ts'
import { type Undone, type UndoOptions, undoDecision } from './undo-decision.ts'

/**
 * Originals that people decide on instead of requesting them. Nothing here requests a picture or
 * needs a key. What changes an entry takes the lease of its key: it never runs beside a request.
 */
export interface Decisions {
  /**
   * Lets the picture of an earlier request stay for another one.
   * @throws StoreError, CorruptOriginalError, NewerVersionError
   */
  keep(wanted: DecidedRequest, from: Key): Promise<Decided>
  /**
   * Decodes a file in full; writes nothing.
   * @param limit bytes
   * @throws StoreError, UnusablePictureError
   */
  inspectFile(path: string, image: ImageId, limit: number): Promise<AdoptableFile>
  /**
   * Makes a picture that was made elsewhere the original of a request that has none.
   * @throws StoreError, CorruptOriginalError, NewerVersionError
   */
  adopt(wanted: DecidedRequest, file: AdoptableFile, adoption: Adoption): Promise<Decided>
  /**
   * Removes the entry of a kept or adopted picture, never one that a request brought.
   * @throws StoreError
   */
  undo(wanted: DecidedRequest, options: UndoOptions): Promise<Undone>
}

export function createDecisions(deps: DecisionDeps): Decisions {
  return {
    keep: (wanted, from) => keepOriginal(wanted, from, deps),
    inspectFile: (path, image, limit) => inspectFile(path, image, { prove: deps.prove, limit }),
    adopt: (wanted, file, adoption) => adoptFile(wanted, file, { adoption, deps }),
    undo: (wanted, options) => undoDecision(wanted, options, deps),
  }
}
