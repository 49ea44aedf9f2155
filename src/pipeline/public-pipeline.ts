import { PipelineClosedError } from '../errors/pipeline-closed-error.ts'
import type { InternalPipeline, Pipeline, StoredOriginals } from './pipeline.ts'

/** A pipeline as the programmatic API hands it out: without what goes around mode and budget. */
export function publicPipeline(pipeline: InternalPipeline): Pipeline {
  let isClosed = false
  async function close(how?: { readonly abort?: boolean }): Promise<void> {
    isClosed = true
    await pipeline.close(how)
  }
  function originals(): StoredOriginals {
    if (isClosed) throw new PipelineClosedError()
    return pipeline.originals
  }
  return {
    ...pipeline,
    originals: {
      status: async key => originals().status(key),
      find: async wanted => originals().find(wanted),
      verify: async original => originals().verify(original),
      list: () => originals().list(),
      openKeys: async () => originals().openKeys(),
      remove: async key => originals().remove(key),
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}
