import type { UnpluginOptions } from 'unplugin'
import { ConfigError } from '../errors/config-error.ts'
import { hashedAssetName } from '../module/asset-name.ts'
import { namesIn } from './assets/names-in.ts'
import { guardOutputs } from './guard/guard-outputs.ts'
import { type HostContext, loadManifest } from './load-manifest.ts'
import { joinInstances, takesManifest } from './manifests/instances.ts'
import { MANIFEST_ID, PUBLISHING_QUERY, RAW_QUERY, stripQuery } from './manifests/manifest-id.ts'
import { refuseQuery } from './manifests/refuse-reference.ts'
import type { PluginSession } from './session/plugin-session.ts'
import { loadPictureUrl } from './urls/load-picture-url.ts'
import { PICTURE_QUERY } from './urls/picture-query.ts'

/** Farm prints the stack behind the message, which a mistake has in it already. */
function toldOnce(error: Error): never {
  if (error.stack === error.message) error.stack = ''
  throw error
}

const NO_LIST =
  'Option `assets` does not work with Farm. Write a list of images with `imagegen export --data FILE` instead.'

/** Farm's hooks: Farm neither names nor drops emitted files, so these hooks do. */
export function farmHooks(session: PluginSession): Partial<UnpluginOptions> {
  let project = {}
  let publicPath = '/'
  const droppable = new Set<string>()
  const loaded = new Set<string>()
  return {
    async buildStart() {
      session.begin()
      if ((await session.listFile()) !== undefined) throw new ConfigError(NO_LIST)
    },
    load: {
      filter: { id: MANIFEST_ID },
      async handler(id) {
        if (RAW_QUERY.test(id)) return null
        const native = this.getNativeBuildContext?.()
        if (native?.framework !== 'farm') return null
        if (PUBLISHING_QUERY.test(id)) throw refuseQuery(id)
        const file = session.locate(stripQuery(id))
        if (!(await takesManifest(project, session, { file }))) return null
        loaded.add(file)
        const host: HostContext = {
          addWatchFile: watched => this.addWatchFile(watched),
          // unplugin hands an error on, which ends Farm's process.
          warn: message => native.context.warn(message),
          async urlOf(asset, read) {
            const name = asset.fixedName ?? hashedAssetName(asset)
            if (!asset.fixedName) droppable.add(name)
            native.context.emitFile({
              resolvedPath: asset.path,
              name,
              content: [...(await read())],
              resourceType: 'asset',
            })
            return JSON.stringify(publicPath + name)
          },
        }
        const loading = PICTURE_QUERY.test(id)
          ? loadPictureUrl(session, file, id, host)
          : loadManifest(session, file, host)
        return loading.catch(toldOnce)
      },
    },
    async buildEnd() {
      const cost = session.takeCost()
      // Farm gives plugins no logger once modules are loaded.
      if (cost !== undefined) process.stdout.write(`${cost}\n`)
      await session.end()
    },
    farm: {
      // With its persistent cache on, Farm 1.7 loses what plugins emit, on cold builds as well.
      config: () => ({ compilation: { persistentCache: false } }),
      configResolved(config) {
        const { root, compilation } = config
        project = config
        joinInstances(config, session)
        if (root) session.setRoot(root)
        publicPath = withSlash(compilation?.output?.publicPath ?? publicPath)
      },
      finalizeResources: {
        async executor({ resourcesMap }) {
          const emitted = new Set([...droppable].filter(name => name in resourcesMap))
          const others = Object.values(resourcesMap).filter(({ name }) => !emitted.has(name))
          const contents = others.map(({ bytes }) => Buffer.from(bytes))
          const named = namesIn(contents, emitted)
          for (const name of emitted) if (!named.has(name)) delete resourcesMap[name]
          const outputs = Object.values(resourcesMap).map(({ name, bytes }) => ({
            name,
            content: Buffer.from(bytes),
          }))
          await guardOutputs(session, outputs, () => loaded)
          return resourcesMap
        },
      },
    },
  }
}

/** As Farm joins it with its own assets' names. */
function withSlash(publicPath: string): string {
  return publicPath === '' || publicPath.endsWith('/') ? publicPath : `${publicPath}/`
}
