import type { BuildOptions, BuildResult } from 'esbuild'

const REQUEST = Symbol.for('unplugin-imagegen:metafile')

/** The state of one build's metafile, shared by the plugin's instances. */
interface MetafileRequest {
  instances: number
  /** The project or another plugin asks for it. */
  isWanted: boolean
}

interface Host extends BuildOptions {
  [REQUEST]?: MetafileRequest
}

/**
 * Asks esbuild for its metafile. Others may do so too, before and after.
 * @returns what to call when an instance needs the metafile of a build no longer: the last one takes
 * it out of the result unless somebody else wants it
 */
export function requestMetafile(options: BuildOptions): (result: BuildResult) => void {
  const request = requestOf(options)
  const instance = ++request.instances
  return result => {
    if (instance < request.instances || request.isWanted) return
    Reflect.deleteProperty(result, 'metafile')
  }
}

function requestOf(options: Host): MetafileRequest {
  const { [REQUEST]: known } = options
  if (known) return known
  const request: MetafileRequest = { instances: 0, isWanted: options.metafile ?? false }
  Object.assign(options, { [REQUEST]: request } satisfies Host)
  Object.defineProperty(options, 'metafile', {
    configurable: true,
    enumerable: true,
    get: () => true,
    set(isWanted: boolean) {
      request.isWanted = isWanted
    },
  })
  return request
}
